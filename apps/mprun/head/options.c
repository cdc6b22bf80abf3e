/* options.c: mprun's command line. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "options_job.h"
#include "slurm.h"

#include <argp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

#include "options_place.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* Without keep-alive messages a node that loses its power would never be missed. */

enum { MAX_PSET = 255 };

enum { KEY_DIR = 0x100, KEY_PATH, KEY_TAG, KEY_TIMEOUT, KEY_AGENT, KEY_FILE,
       KEY_LAUNCH_TIMEOUT, KEY_PSET, KEY_ENV_FILE, KEY_APP,
       KEY_NOTHING };

static const struct argp_option table[] = {
    {NULL, 'n', "N", 0, "Number of ranks (default: one for each slot)", 1},
    {"np", 'n', "N", OPTION_ALIAS, NULL, 1},
    {"host", 'H', "HOST[:SLOTS],...", 0, "Nodes to use (default: those of the Slurm allocation, else this one)", 1},
    {"hostfile", KEY_FILE, "FILE", 0, "File with a node on each line: NAME [slots=N]", 1},
    {"machinefile", KEY_FILE, "FILE", OPTION_ALIAS, NULL, 1},
    {"wdir", KEY_DIR, "DIR", 0, "Working directory of the ranks", 2},
    {"path", KEY_PATH, "DIR[:DIR]...", 0, "Where to look for the program before PATH", 2},
    {NULL, 'x', "VAR[=VALUE]", 0, "Environment variable for the ranks", 2},
    {"env-file", KEY_ENV_FILE, "FILE", 0, "File with such a variable on each line", 2},
    {"app", KEY_APP, "FILE", 0, "File with a program and its options on each line", 2},
    {"pset", KEY_PSET, "NAME", 0, "Process set that the program's ranks belong to", 2},
    {"tag-output", KEY_TAG, NULL, 0, "Put the rank before each line of output", 3},
    {"timeout", KEY_TIMEOUT, "SECONDS", 0, "End the job after this time (exit code 124)", 3},
    {"verbose", 'v', NULL, 0, "Tell what is started where", 3},
    {"launch-agent", KEY_AGENT, "COMMAND", 0,
     "Started as COMMAND HOST 'DAEMON' (default: " TRI_SSH_AGENT
     "; inside a Slurm allocation srun)", 4},
    {"launch-timeout", KEY_LAUNCH_TIMEOUT, "SECONDS", 0,
     "How long a node may take to report (default: 30)", 4},
    {"oversubscribe", KEY_NOTHING, NULL, OPTION_HIDDEN, NULL, 5},
    {"allow-run-as-root", KEY_NOTHING, NULL, OPTION_HIDDEN, NULL, 5},
    {0},
};

/* What the parser works on: one program's stretch of the command line. */
struct stretch {
    struct tri_options *options;
    struct tri_request *request;
    const char *app_file; /* --app was given in place of a program */
};

static void add_variable(struct tri_request *request, const char *text)
{
    const char *equals = strchr(text, '=');
    char *name = equals != NULL ? strndup(text, (size_t)(equals - text)) : tri_copy(text);
    const char *value = equals != NULL ? equals + 1 : getenv(text);

    if (name == NULL || name[0] == '\0') {
        tri_die(TRI_EXIT_USAGE, "option -x: \"%s\" names no variable", text);
    }
    if (value == NULL) {
        tri_die(TRI_EXIT_USAGE, "option -x: the variable %s is not set; use -x %s=VALUE", text,
                text);
    }
    tri_strings_setenv(&request->env, name, value);
    free(name);
}

static void add_variable_line(const char *line, const char *where, void *context)
{
    const char *equals = strchr(line, '=');
    size_t len = equals != NULL ? (size_t)(equals - line) : strlen(line);

    if (len == 0 || strcspn(line, " \t") < len || (equals == NULL && getenv(line) == NULL)) {
        tri_die(TRI_EXIT_USAGE, "%s: expected VAR=VALUE, or VAR of a variable that is set", where);
    }
    add_variable(context, line);
}

/* mprun's directory by the name that the user knows it by: PWD, if that is not out of date. */
static char *current_dir(void)
{
    const char *pwd = getenv("PWD");
    struct stat by_name, here;

    if (pwd != NULL && pwd[0] == '/' && stat(pwd, &by_name) == 0 && stat(".", &here) == 0 &&
        by_name.st_dev == here.st_dev && by_name.st_ino == here.st_ino) {
        return tri_copy(pwd);
    }
    char *dir = getcwd(NULL, 0);

    if (dir == NULL) {
        tri_die(TRI_EXIT_ERROR, "the working directory of mprun does not exist any more");
    }
    return dir;
}

/* Sessions find it by this name; in a list of names a comma would end it. */
static void set_pset(struct tri_request *request, const char *text)
{
    if (text[0] == '\0' || strpbrk(text, ", \t") != NULL || strlen(text) > MAX_PSET ||
        strncasecmp(text, "mpi://", 6) == 0) {
        tri_die(TRI_EXIT_USAGE,
                "option --pset: \"%s\" is no name: one to %d characters without comma and blank, "
                "not mpi://...",
                text, MAX_PSET);
    }
    free(request->pset);
    request->pset = tri_copy(text);
}

static void set_dir(struct tri_request *request, const char *text)
{
    char *here = current_dir();

    free(request->dir);
    request->dir = text[0] == '/' ? tri_copy(text) : tri_format("%s/%s", here, text);
    free(here);
}

static bool parse_for_program(int key, char *text, struct stretch *stretch)
{
    struct tri_request *request = stretch->request;

    switch (key) {
    case 'n':
        request->count = (uint32_t)tri_options_number("-n", text, 1, INT_MAX);
        return true;
    case 'H':
        tri_hosts_add_list(&stretch->options->hosts, &request->hosts, text);
        return true;
    case KEY_FILE:
        tri_hosts_add_file(&stretch->options->hosts, &request->hosts, text);
        return true;
    case 'x':
        add_variable(request, text);
        return true;
    case KEY_ENV_FILE:
        tri_options_each_line(text, add_variable_line, request);
        return true;
    case KEY_APP:
        stretch->app_file = text;
        return true;
    case KEY_DIR:
        set_dir(request, text);
        return true;
    case KEY_PSET:
        set_pset(request, text);
        return true;
    case KEY_PATH:
        free(request->path);
        request->path = tri_copy(text);
        return true;
    default:
        return false;
    }
}

static bool parse_for_job(int key, char *text, struct tri_options *options)
{
    switch (key) {
    case KEY_TAG:
        options->tag = true;
        return true;
    case 'v':
        options->verbose = true;
        return true;
    case KEY_TIMEOUT:
        options->timeout = (uint32_t)tri_options_number("--timeout", text, 1, 1000000000);
        return true;
    case KEY_LAUNCH_TIMEOUT:
        options->launch_timeout = (uint32_t)tri_options_number("--launch-timeout", text, 1, 1000000);
        return true;
    case KEY_AGENT:
        tri_strings_clear(&options->agent);
        tri_strings_split(&options->agent, text, " ");
        if (options->agent.count == 0) {
            tri_die(TRI_EXIT_USAGE, "option --launch-agent: no command given");
        }
        return true;
    default:
        return key == KEY_NOTHING;
    }
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct stretch *stretch = state->input;

    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->child_inputs[1] = stretch->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG) {
        /* The program; whatever follows is for it. */
        for (int i = state->next - 1; i < state->argc; i++) {
            tri_strings_add(&stretch->request->argv, state->argv[i]);
        }
        state->next = state->argc;
        return 0;
    }
    return parse_for_program(key, text, stretch) || parse_for_job(key, text, stretch->options)
               ? 0
               : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{&tri_options_place, 0, NULL, 0},
                                             {&tri_options_job, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .children = children,
    .options = table,
    .parser = parse_option,
    .args_doc = "PROGRAM [ARGUMENT...] [: [-n N] PROGRAM2 ...]",
    .doc = "Runs a parallel program on this node or on several.",
};

static void parse_command(struct tri_options *options, int argc, char **argv,
                          const struct tri_request *defaults);

/* Programs of a file have what the command line says before --app, and then options of their own. */
static struct tri_request copy_request(const struct tri_request *from)
{
    struct tri_request copy = {.count = from->count};

    for (size_t i = 0; i < from->env.count; i++) {
        tri_strings_add(&copy.env, from->env.items[i]);
    }
    copy.hosts.items = tri_alloc(from->hosts.count, sizeof *copy.hosts.items);
    for (size_t i = 0; i < from->hosts.count; i++) {
        copy.hosts.items[copy.hosts.count++] = from->hosts.items[i];
    }
    copy.dir = from->dir != NULL ? tri_copy(from->dir) : NULL;
    copy.path = from->path != NULL ? tri_copy(from->path) : NULL;
    copy.pset = from->pset != NULL ? tri_copy(from->pset) : NULL;
    return copy;
}

struct app_file {
    struct tri_options *options;
    const struct tri_request *defaults;
};

static void parse_app_line(const char *line, const char *where, void *context)
{
    const struct app_file *app_file = context;
    wordexp_t words = {.we_offs = 1};

    if (wordexp(line, &words, WRDE_NOCMD | WRDE_DOOFFS) != 0) {
        tri_die(TRI_EXIT_USAGE, "%s: cannot be read as words of a command line: %s", where, line);
    }
    /* The words belong to the job from here on. */
    parse_command(app_file->options, (int)words.we_wordc + 1, words.we_wordv, app_file->defaults);
}

static void fill_in(struct tri_request *request)
{
    if (request->dir == NULL) {
        request->dir = current_dir();
    }
    if (request->path == NULL) {
        request->path = tri_copy("");
    }
    if (request->pset == NULL) {
        request->pset = tri_copy("");
    }
}

static void parse_stretch(struct tri_options *options, int argc, char **argv,
                          const struct tri_request *defaults)
{
    struct tri_request request = defaults != NULL ? copy_request(defaults)
                                                  : (struct tri_request){0};
    struct stretch stretch = {.options = options, .request = &request};

    argp_parse(&parser, argc, argv, ARGP_IN_ORDER | ARGP_LONG_ONLY, NULL, &stretch);
    if (stretch.app_file != NULL && (request.argv.count > 0 || defaults != NULL)) {
        tri_die(TRI_EXIT_USAGE, "option --app: the file %s takes the place of a program",
                stretch.app_file);
    }
    if (stretch.app_file != NULL) {
        struct app_file context = {options, &request};

        tri_options_each_line(stretch.app_file, parse_app_line, &context);
        return;
    }
    if (request.argv.count == 0) {
        tri_die(TRI_EXIT_USAGE, "no program %s; usage: mprun [-n N] PROGRAM, or see mprun --help",
                options->nrequests > 0 ? "after \":\"" : "given");
    }
    fill_in(&request);
    options->requests =
        tri_regrow(options->requests, options->nrequests + 1, sizeof *options->requests);
    options->requests[options->nrequests++] = request;
}

static void parse_command(struct tri_options *options, int argc, char **argv,
                          const struct tri_request *defaults)
{
    static char own_name[] = "mprun";

    for (int begin = 0, end; begin < argc; begin = end) {
        /* The word before a stretch ("mprun" or ":") takes the place of its program name. */
        for (end = begin + 1; end < argc && strcmp(argv[end], ":") != 0; end++) {
        }
        char *colon = end < argc ? argv[end] : NULL;

        argv[begin] = own_name;
        argv[end] = NULL;
        parse_stretch(options, end - begin, argv + begin, defaults);
        argv[end] = colon;
    }
}

void tri_options_parse(struct tri_options *options, int argc, char **argv)
{
    argp_program_version = "mprun (Trireme) " PACKAGE_VERSION;
    argp_err_exit_status = TRI_EXIT_USAGE;
    *options = (struct tri_options){.launch_timeout = 30};
    tri_options_job_defaults(options);
    parse_command(options, argc, argv, NULL);
    if (options->nrequests == 0) {
        tri_die(TRI_EXIT_USAGE, "option --app: the file names no program");
    }
    if (options->topologies.count > 0 && !options->dry_run) {
        tri_die(TRI_EXIT_USAGE, "option --topology is for planning: use it with --dry-run");
    }
    if (options->hosts.count == 0) {
        struct tri_host_list all = {0};

        if (tri_slurm_is_here()) {
            tri_slurm_add_hosts(&options->hosts, &all);
        } else {
            tri_hosts_add_self(&options->hosts, &all);
        }
        free(all.items);
    }
    if (options->agent.count == 0) {
        tri_default_agent(&options->agent);
    }
}
