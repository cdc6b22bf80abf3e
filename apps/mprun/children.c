/* children.c: reaps child processes and adopted orphans, and finds those that stayed behind. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "children.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

struct watch {
    pid_t pid;
    tri_child_fn fn; /* NULL: a child from before our time */
    void *context;
};

static struct {
    struct event *sigchld;
    struct watch *watches;
    size_t count;
    void (*after)(void *context);
    void *after_context;
    char *entry; /* what the environment of our orphans has, NULL: anything */
} children;

static void add(pid_t pid, tri_child_fn fn, void *context)
{
    children.watches =
        tri_regrow(children.watches, children.count + 1, sizeof *children.watches);
    children.watches[children.count++] = (struct watch){pid, fn, context};
}

static struct watch *find(pid_t pid)
{
    for (size_t i = 0; i < children.count; i++) {
        if (children.watches[i].pid == pid) {
            return &children.watches[i];
        }
    }
    return NULL;
}

/* Calls each() for every child in a thread's list. Returns false when the kernel has no lists. */
static bool list_thread(const char *tid, void (*each)(pid_t pid, void *context), void *context)
{
    char *path = tri_format("/proc/self/task/%s/children", tid);
    FILE *file = fopen(path, "re");
    int pid;

    free(path);
    if (file == NULL) {
        return false;
    }
    while (fscanf(file, "%d", &pid) == 1) {
        each(pid, context);
    }
    fclose(file);
    return true;
}

static FILE *open_proc(pid_t pid, const char *name)
{
    char *path = tri_format("/proc/%d/%s", (int)pid, name);
    FILE *file = fopen(path, "re");

    free(path);
    return file;
}

static pid_t parent_of(pid_t pid)
{
    FILE *file = open_proc(pid, "stat");
    int parent = 0;

    if (file != NULL) {
        if (fscanf(file, "%*d (%*[^)]) %*c %d", &parent) != 1) {
            parent = 0;
        }
        fclose(file);
    }
    return parent;
}

/* Calls each() for every process, or every one with this parent. */
static void list_all(pid_t wanted, void (*each)(pid_t pid, void *context), void *context)
{
    DIR *proc = opendir("/proc");

    for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0])) {
            continue;
        }
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

        if (wanted == 0 || parent_of(pid) == wanted) {
            each(pid, context);
        }
    }
    if (proc != NULL) {
        closedir(proc);
    }
}

static void list_children(void (*each)(pid_t pid, void *context), void *context)
{
    DIR *tasks = opendir("/proc/self/task");
    bool known = tasks != NULL;

    for (struct dirent *entry; known && (entry = readdir(tasks)) != NULL;) {
        if (entry->d_name[0] != '.') {
            known = list_thread(entry->d_name, each, context) || errno == ESRCH;
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    if (!known) {
        list_all(getpid(), each, context); /* the slow way */
    }
}

static void note_earlier(pid_t pid, void *context)
{
    (void)context;
    if (find(pid) == NULL) {
        add(pid, NULL, NULL);
    }
}

static bool has_entry(pid_t pid, const char *entry)
{
    FILE *file = open_proc(pid, "environ");
    char *text = NULL;
    size_t size = 0;
    bool found = false;

    while (file != NULL && !found && getdelim(&text, &size, '\0', file) > 0) {
        found = strcmp(text, entry) == 0;
    }
    free(text);
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static void kill_orphan(pid_t pid, void *context)
{
    if (find(pid) == NULL && (children.entry == NULL || has_entry(pid, children.entry))) {
        *(size_t *)context += kill(pid, SIGKILL) == 0;
    }
}

size_t tri_children_kill_orphans(void)
{
    size_t count = 0;

    list_children(kill_orphan, &count);
    return count;
}

/* What kill_matching looks for and has found. */
struct search {
    const char *entry;
    size_t count;
};

static void kill_matching(pid_t pid, void *context)
{
    struct search *search = context;

    if (pid != getpid() && has_entry(pid, search->entry) && kill(pid, SIGKILL) == 0) {
        search->count++;
    }
}

size_t tri_children_kill_by_entry(const char *entry)
{
    struct search search = {.entry = entry};

    list_all(0, kill_matching, &search);
    return search.count;
}

struct ended {
    pid_t pid;
    int status;
};

static void tell(const struct ended *ended)
{
    struct watch *watch = find(ended->pid);

    if (watch == NULL) {
        return;
    }
    struct watch found = *watch;

    *watch = children.watches[--children.count];
    if (found.fn != NULL) {
        found.fn(found.context, ended->pid, ended->status);
    }
}

void tri_children_reap(void)
{
    struct ended *ended = NULL;
    size_t count = 0;
    int status;

    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        ended = tri_regrow(ended, count + 1, sizeof *ended);
        ended[count++] = (struct ended){pid, status};
    }
    /* One that was killed is rather the cause of the others' end than the other way round. */
    for (size_t i = 0; i < 2 * count; i++) {
        if (WIFSIGNALED(ended[i % count].status) == (i < count)) {
            tell(&ended[i % count]);
        }
    }
    free(ended);
    if (children.after != NULL) {
        children.after(children.after_context);
    }
}

static void on_sigchld(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    tri_children_reap();
}

void tri_children_init(struct event_base *base)
{
    list_children(note_earlier, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    children.sigchld = evsignal_new(base, SIGCHLD, on_sigchld, NULL);
    if (children.sigchld == NULL || event_add(children.sigchld, NULL) != 0) {
        tri_die(TRI_EXIT_ERROR, "cannot watch child processes: %s", strerror(errno));
    }
}

void tri_children_watch(pid_t pid, tri_child_fn fn, void *context)
{
    add(pid, fn, context);
}

void tri_children_ignore(pid_t pid)
{
    add(pid, NULL, NULL);
}

void tri_children_forget(const void *context)
{
    for (size_t i = children.count; i > 0; i--) {
        if (children.watches[i - 1].context == context && children.watches[i - 1].fn != NULL) {
            children.watches[i - 1] = children.watches[--children.count];
        }
    }
}

void tri_children_only_with(const char *entry)
{
    free(children.entry);
    children.entry = tri_copy(entry);
}

void tri_children_after_reaping(void (*fn)(void *context), void *context)
{
    children.after = fn;
    children.after_context = context;
}
