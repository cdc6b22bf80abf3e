/* guard.c: a process that cleans up when its parent, mprun or mprund, is killed outright. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "children.h"
#include "util.h"

static int guard_pipe = -1;
static pid_t guard_pid;

/* A process can start another between being listed and being killed: look until none is left. */
static void kill_job(const char *entry)
{
    static const struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};

    for (int quiet = 0, tries = 0; quiet < 2 && tries < 500; tries++) {
        quiet = tri_children_kill_by_entry(entry) == 0 ? quiet + 1 : 0;
        nanosleep(&pause, NULL);
    }
}

/* The parent's word is an environment entry and, when all is well, a newline. If the pipe closes
 * before that, the parent was killed. */
static _Noreturn void stand_guard(int fd)
{
    char word[1024];
    size_t len = 0;

    setsid();
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    dup2(fd, STDIN_FILENO);
    close_range(STDIN_FILENO + 1, ~0U, 0);
    for (int signum = 1; signum < SIGRTMIN; signum++) {
        signal(signum, signum == SIGCHLD ? SIG_DFL : SIG_IGN);
    }
    while (len < sizeof word - 1) {
        ssize_t got = read(STDIN_FILENO, word + len, sizeof word - 1 - len);

        if (got > 0) {
            len += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    word[len] = '\0';
    if (len > 0 && word[len - 1] != '\n') {
        kill_job(word);
    }
    _exit(0);
}

void tri_guard_start(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    guard_pid = fork();
    if (guard_pid == 0) {
        stand_guard(ends[0]);
    }
    close(ends[0]);
    if (guard_pid < 0) {
        close(ends[1]);
        return;
    }
    guard_pipe = ends[1];
    tri_children_ignore(guard_pid);
}

static void tell(const char *text)
{
    ssize_t ignored = write(guard_pipe, text, strlen(text));
    (void)ignored; /* a pipe this empty takes it */
}

void tri_guard_set(const char *entry)
{
    if (guard_pipe >= 0) {
        tell(entry);
    }
}

void tri_guard_stop(void)
{
    if (guard_pipe >= 0) {
        tell("\n");
        close(guard_pipe);
        guard_pipe = -1;
        waitpid(guard_pid, NULL, 0);
    }
}
