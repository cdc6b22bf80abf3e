/* mpcc.c: runs the C compiler with the flags that a program with MPI needs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mpcc.h"

/* The build gives TRI_CC, TRI_VERSION and the directories of the installation: TRI_PREFIX,
 * TRI_BINDIR, TRI_INCLUDEDIR, TRI_LIBDIR. */

static const char *program = "mpcc";

static const char help_text[] =
    "usage: %s [option of mpcc | option of the compiler | file]...\n"
    "Compiles and links C programs that use MPI.\n"
    "\n"
    "  -show, -showme       print the command instead of running it\n"
    "  -showme:compile      print the flags for compiling\n"
    "  -showme:link         print the flags for linking\n"
    "  -showme:incdirs      print the directories of headers\n"
    "  -showme:libdirs      print the directories of libraries\n"
    "  -showme:libs         print the names of libraries\n"
    "  -showme:command      print the compiler\n"
    "  -showme:version      print the version of Trireme\n"
    "  -compile-info        print the command that compiles\n"
    "  -link-info           print the command that links\n"
    "  --help               print this text\n"
    "\n"
    "Everything else goes to the compiler. It is %s unless the environment variable\n"
    "MPCC_CC names another, with arguments if need be: MPCC_CC='ccache gcc'.\n";

void mpcc_fail(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", program);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static int starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* ---- Where the installation is ---- */

struct place {
    char *include;
    char *lib;
};

/* The same directory under another prefix; one outside the configured prefix stays as it is. */
static char *moved(const char *directory, const char *prefix, int prefix_length)
{
    size_t configured = strlen(TRI_PREFIX);

    if (!starts_with(directory, TRI_PREFIX) || directory[configured] != '/')
        return mpcc_format("%s", directory);
    return mpcc_format("%.*s%s", prefix_length, prefix, directory + configured);
}

/* An installation that was moved, or staged with DESTDIR, is found from mpcc's own path. */
static struct place find_place(void)
{
    struct place place = {mpcc_format("%s", TRI_INCLUDEDIR), mpcc_format("%s", TRI_LIBDIR)};
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *bin; /* mostly "/bin" */
    char *slash, *header;
    size_t bin_length;

    if (length < 0 || !starts_with(TRI_BINDIR, TRI_PREFIX))
        return place;
    bin = &TRI_BINDIR[strlen(TRI_PREFIX)];
    bin_length = strlen(bin);
    self[length] = '\0';
    slash = strrchr(self, '/');
    *slash = '\0';
    if (strlen(self) < bin_length || strcmp(slash - bin_length, bin) != 0)
        return place;
    length = slash - self - (ssize_t)bin_length;
    header = mpcc_format("%s/mpi.h", moved(TRI_INCLUDEDIR, self, (int)length));
    if (access(header, R_OK) == 0) {
        place.include = moved(TRI_INCLUDEDIR, self, (int)length);
        place.lib = moved(TRI_LIBDIR, self, (int)length);
    }
    return place;
}

/* Whether the dynamic linker looks there anyway, so that a run path would only be in the way. */
static int is_default_libdir(const char *directory)
{
    static const char *const defaults[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64"};

    const char *triplet; /* as in Debian's /usr/lib/x86_64-linux-gnu */

    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (strcmp(directory, defaults[i]) == 0)
            return 1;
    }
    if (!starts_with(directory, "/usr/lib/") && !starts_with(directory, "/lib/"))
        return 0;
    triplet = strstr(directory, "-linux-");
    return triplet != NULL && strchr(triplet, '/') == NULL;
}

static void add_compile_flags(struct mpcc_words *words, const struct place *place)
{
    /* Naming the system's own directory would change the order in which it is searched. */
    if (strcmp(place->include, "/usr/include") != 0)
        mpcc_add(words, mpcc_format("-I%s", place->include));
}

static void add_link_flags(struct mpcc_words *words, const struct place *place)
{
    mpcc_add(words, mpcc_format("-L%s", place->lib));
    if (!is_default_libdir(place->lib)) {
        if (strchr(place->lib, ',') == NULL) {
            mpcc_add(words, mpcc_format("-Wl,-rpath,%s", place->lib));
        } else { /* -Wl, would split the path at the comma */
            mpcc_add(words, "-Xlinker");
            mpcc_add(words, "-rpath");
            mpcc_add(words, "-Xlinker");
            mpcc_add(words, place->lib);
        }
        mpcc_add(words, "-Wl,--enable-new-dtags");
    }
    mpcc_add(words, "-lmpi_abi");
}

/* ---- What the user asks for ---- */

enum mode {
    MODE_RUN,
    MODE_SHOW,
    MODE_SHOW_COMPILE,
    MODE_SHOW_LINK,
    MODE_SHOW_INCDIRS,
    MODE_SHOW_LIBDIRS,
    MODE_SHOW_LIBS,
    MODE_SHOW_COMMAND,
    MODE_SHOW_VERSION,
    MODE_COMPILE_INFO,
    MODE_LINK_INFO,
    MODE_HELP
};

static const struct {
    const char *option;
    enum mode mode;
} own_options[] = {
    {"-show", MODE_SHOW},
    {"-showme", MODE_SHOW},
    {"--showme", MODE_SHOW},
    {"-showme:compile", MODE_SHOW_COMPILE},
    {"-showme:link", MODE_SHOW_LINK},
    {"-showme:incdirs", MODE_SHOW_INCDIRS},
    {"-showme:libdirs", MODE_SHOW_LIBDIRS},
    {"-showme:libs", MODE_SHOW_LIBS},
    {"-showme:command", MODE_SHOW_COMMAND},
    {"-showme:version", MODE_SHOW_VERSION},
    {"-compile-info", MODE_COMPILE_INFO},
    {"-compile_info", MODE_COMPILE_INFO},
    {"-link-info", MODE_LINK_INFO},
    {"-link_info", MODE_LINK_INFO},
    {"--help", MODE_HELP},
};

/* Takes mpcc's own options out of the arguments; the rest is for the compiler. */
static enum mode take_own_options(int argc, char **argv, struct mpcc_words *rest)
{
    enum mode mode = MODE_RUN;

    for (int i = 1; i < argc; i++) {
        size_t k, count = sizeof own_options / sizeof *own_options;

        for (k = 0; k < count && strcmp(argv[i], own_options[k].option) != 0; k++)
            continue;
        if (k < count) {
            mode = own_options[k].mode;
        } else if (starts_with(argv[i], "-showme:") || starts_with(argv[i], "--showme:")) {
            mpcc_fail("unknown option '%s'; %s --help lists what can be shown", argv[i], program);
        } else {
            mpcc_add(rest, argv[i]);
            if (mpcc_takes_argument(argv[i]) && i + 1 < argc)
                mpcc_add(rest, argv[++i]);
        }
    }
    return mode;
}

/* ---- Running ---- */

/* A compiler that is mpcc again would start itself for ever. */
static void refuse_self(const char *compiler)
{
    struct stat self, other;
    char *path = mpcc_find_program(compiler);

    if (path != NULL && stat("/proc/self/exe", &self) == 0 && stat(path, &other) == 0 &&
        self.st_dev == other.st_dev && self.st_ino == other.st_ino)
        mpcc_fail("the compiler '%s' is %s itself; set MPCC_CC to a C compiler", compiler, program);
}

static void run(const struct mpcc_words *command)
{
    const char *compiler = command->items[0];

    refuse_self(compiler);
    execvp(compiler, command->items);
    if (errno == ENOENT)
        mpcc_fail("cannot find the compiler '%s'; install it or set MPCC_CC to another", compiler);
    mpcc_fail("cannot run the compiler '%s': %s; MPCC_CC can name another", compiler,
              strerror(errno));
}

static void add_compiler(struct mpcc_words *command)
{
    const char *wanted = getenv("MPCC_CC");

    if (wanted != NULL)
        mpcc_split(command, wanted, "MPCC_CC");
    if (command->count == 0)
        mpcc_split(command, TRI_CC, "the configured compiler");
    if (command->count == 0)
        mpcc_fail("no compiler is configured; set MPCC_CC to a C compiler");
}

/* The whole command line; always_link is for showing what a link would take, without files. */
static struct mpcc_words make_command(const struct mpcc_words *rest, const struct place *place,
                                      int always_link)
{
    struct mpcc_words command = {0};
    enum mpcc_stage stage = mpcc_stage_of(rest);

    add_compiler(&command);
    add_compile_flags(&command, place);
    for (size_t i = 0; i < rest->count; i++)
        mpcc_add(&command, rest->items[i]);
    if (stage == MPCC_LINK || (stage == MPCC_NO_INPUT && always_link))
        add_link_flags(&command, place);
    return command;
}

static void show(enum mode mode, const struct mpcc_words *rest, const struct place *place)
{
    struct mpcc_words words = {0};

    if (mode == MODE_SHOW)
        words = make_command(rest, place, 1);
    if (mode == MODE_SHOW_COMMAND || mode == MODE_COMPILE_INFO || mode == MODE_LINK_INFO)
        add_compiler(&words);
    if (mode == MODE_SHOW_COMPILE || mode == MODE_COMPILE_INFO)
        add_compile_flags(&words, place);
    if (mode == MODE_SHOW_LINK || mode == MODE_LINK_INFO)
        add_link_flags(&words, place);
    if (mode == MODE_SHOW_INCDIRS)
        mpcc_add(&words, place->include);
    if (mode == MODE_SHOW_LIBDIRS)
        mpcc_add(&words, place->lib);
    if (mode == MODE_SHOW_LIBS)
        mpcc_add(&words, "mpi_abi");
    mpcc_print(&words);
    free(words.items);
}

int main(int argc, char **argv)
{
    struct mpcc_words rest = {0};
    struct place place = find_place();
    enum mode mode;

    if (argc > 0 && argv[0][0] != '\0')
        program = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    mode = take_own_options(argc, argv, &rest);
    if (mode == MODE_RUN) {
        struct mpcc_words command = make_command(&rest, &place, 0);

        run(&command);
    }
    if (mode == MODE_HELP)
        printf(help_text, program, TRI_CC);
    else if (mode == MODE_SHOW_VERSION)
        printf("%s: Trireme %s (language: C)\n", program, TRI_VERSION);
    else
        show(mode, &rest, &place);
    if (fflush(stdout) != 0 || ferror(stdout))
        mpcc_fail("cannot write to standard output: %s", strerror(errno));
    free(rest.items);
    return EXIT_SUCCESS;
}
