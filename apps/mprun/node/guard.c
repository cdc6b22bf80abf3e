/* guard.c: a process that cleans up when its parent, mprun or mprund, is killed outright. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

enum { WORD = STDIN_FILENO, LIFELINE = STDOUT_FILENO };

/* Waits until the parent says something or ends. Once the lifeline is cut the parent has a moment
 * to leave; returns false if it does not. */
static bool wait_for_word(bool *cut)
{
    enum { MOMENT = 3000 };
    struct pollfd fds[2] = {{.fd = WORD, .events = POLLIN},
                            {.fd = *cut ? -1 : LIFELINE, .events = POLLRDHUP}};

    for (;;) {
        int ready = poll(fds, 2, *cut ? MOMENT : -1);

        if (ready == 0 && *cut) {
            return false;
        }
        if (ready > 0 && fds[0].revents != 0) {
            return true;
        }
        if (ready > 0 && fds[1].revents != 0) {
            *cut = true;
            fds[1].fd = -1;
        }
    }
}

static void take_posts(int word, int lifeline)
{
    /* Above both places, so that neither lands on the other. */
    int own_word = fcntl(word, F_DUPFD, STDERR_FILENO + 1);
    int own_lifeline = lifeline >= 0 ? fcntl(lifeline, F_DUPFD, STDERR_FILENO + 1) : -1;

    dup2(own_word, WORD);
    close(LIFELINE);
    if (own_lifeline >= 0) {
        dup2(own_lifeline, LIFELINE);
    }
    close(STDERR_FILENO);
    close_range(STDERR_FILENO, ~0U, 0);
    setsid();
    for (int signum = 1; signum < SIGRTMIN; signum++) {
        signal(signum, signum == SIGCHLD ? SIG_DFL : SIG_IGN);
    }
}

/* The parent's word is an environment entry and, when all is well, a newline. If the pipe closes
 * before that, the parent was killed. */
static _Noreturn void stand_guard(pid_t parent, int fd, int lifeline)
{
    char word[1024];
    size_t len = 0;
    bool cut = lifeline < 0; /* nothing to watch, but no hurry either */
    bool alive = true;

    take_posts(fd, lifeline);
    while (len < sizeof word - 1) {
        alive = lifeline < 0 || wait_for_word(&cut);
        ssize_t got = alive ? read(WORD, word + len, sizeof word - 1 - len) : 0;

        if (got > 0) {
            len += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    word[len] = '\0';
    if (!alive && getppid() == parent) {
        kill(parent, SIGKILL);
    }
    if (len > 0 && word[len - 1] != '\n') {
        kill_job(word);
    }
    _exit(0);
}

void tri_guard_start(int lifeline)
{
    int ends[2];
    pid_t parent = getpid();

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    guard_pid = fork();
    if (guard_pid == 0) {
        stand_guard(parent, ends[0], lifeline);
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
