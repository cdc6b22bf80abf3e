/* helper.c: starting a probe, and lines from and to it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "remote.h"

double tri_helper_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool tri_helper_start(struct tri_helper *helper, char *const *argv)
{
    int fds[3], error = tri_remote_spawn(argv, &helper->pid, fds);
    if (error) {
        helper->pid = 0;
        errno = error;
        return false;
    }
    helper->in = fds[0];
    helper->out = fds[1];
    helper->err = fds[2];
    helper->used = 0;
    return true;
}

/* Takes the first whole line out of what was read. */
static bool take_line(struct tri_helper *helper, char line[TRI_PROBE_LINE])
{
    char *end = memchr(helper->unread, '\n', helper->used);
    if (!end) {
        return false;
    }
    size_t len = (size_t)(end - helper->unread);
    memcpy(line, helper->unread, len);
    line[len] = '\0';
    helper->used -= len + 1;
    memmove(helper->unread, end + 1, helper->used);
    return true;
}

bool tri_helper_read(struct tri_helper *helper, double deadline, char line[TRI_PROBE_LINE])
{
    while (!take_line(helper, line)) {
        struct pollfd wait = {.fd = helper->out, .events = POLLIN};
        double left = deadline - tri_helper_now();
        if (helper->used == sizeof helper->unread) {
            helper->used = 0; /* nothing of ours is that long: some shell's greeting */
        }
        if (left <= 0 || poll(&wait, 1, (int)(left * 1000) + 1) < 0) {
            return false;
        }
        ssize_t got =
            wait.revents ? read(helper->out, helper->unread + helper->used, sizeof helper->unread - helper->used) : 0;
        if (wait.revents && got <= 0) {
            return false;
        }
        helper->used += (size_t)got;
    }
    return true;
}

bool tri_helper_write(struct tri_helper *helper, const char *text)
{
    size_t len = strlen(text);
    return write(helper->in, text, len) == (ssize_t)len;
}

/* It has nothing more to do when its input ends; one that hangs is killed. */
static void await_end(pid_t pid)
{
    static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    for (int tries = 0; waitpid(pid, NULL, WNOHANG) == 0; tries++) {
        if (tries == 100 || tries == 200) {
            kill(-pid, tries == 100 ? SIGTERM : SIGKILL);
        }
        nanosleep(&pause, NULL);
    }
}

void tri_helper_end(struct tri_helper *helper, char *words, size_t len)
{
    char text[4096] = "";
    words[0] = '\0';
    if (!helper->pid) {
        return;
    }
    close(helper->in);
    await_end(helper->pid);
    fcntl(helper->err, F_SETFL, O_NONBLOCK);
    ssize_t got = read(helper->err, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        strncpy(words, line, len - 1);
        words[len - 1] = '\0';
    }
    close(helper->out);
    close(helper->err);
    helper->pid = 0;
}
