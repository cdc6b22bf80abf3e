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

/* The slow way: look at the parent of every process there is. */
static void list_all(void (*each)(pid_t pid, void *context), void *context)
{
    DIR *proc = opendir("/proc");

    for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0])) {
            continue;
        }
        char *path = tri_format("/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "re");
        int pid, parent;

        free(path);
        if (file == NULL) {
            continue;
        }
        if (fscanf(file, "%d (%*[^)]) %*c %d", &pid, &parent) == 2 && parent == getpid()) {
            each(pid, context);
        }
        fclose(file);
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
        list_all(each, context);
    }
}

static void note_earlier(pid_t pid, void *context)
{
    (void)context;
    if (find(pid) == NULL) {
        add(pid, NULL, NULL);
    }
}

static bool has_entry(pid_t pid)
{
    char *path = tri_format("/proc/%d/environ", (int)pid);
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    bool found = false;

    free(path);
    while (file != NULL && !found && getdelim(&text, &size, '\0', file) > 0) {
        found = strcmp(text, children.entry) == 0;
    }
    free(text);
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static void kill_orphan(pid_t pid, void *context)
{
    if (find(pid) == NULL && (children.entry == NULL || has_entry(pid))) {
        ++*(size_t *)context;
        kill(pid, SIGKILL);
    }
}

size_t tri_children_kill_orphans(void)
{
    size_t count = 0;

    list_children(kill_orphan, &count);
    return count;
}

void tri_children_reap(void)
{
    int status;

    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        struct watch *watch = find(pid);

        if (watch == NULL) {
            continue;
        }
        struct watch found = *watch;

        *watch = children.watches[--children.count];
        if (found.fn != NULL) {
            found.fn(found.context, pid, status);
        }
    }
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
