/* remote.c: starting a program on another node through the launch agent. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "remote.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *script(const char *dir, const struct tri_remote_program *program)
{
    /* The path stands in double quotes, and these perhaps in single ones. */
    bool plain = dir[0] == '/' && strpbrk(dir, "'\"$`\\!") == NULL;
    const char *usable = plain ? dir : "/nonexistent", *name = program->name;

    return tri_format("if [ -x \"%s/%s\" ]; then exec \"%s/%s\"%s; "
                      "elif command -v %s >/dev/null 2>&1; then exec %s%s; else echo %s; fi",
                      usable, name, usable, name, program->arguments, name, name,
                      program->arguments, program->missing);
}

/* Slurm's srun takes a program and its arguments, where ssh takes a line for a shell. */
static bool is_srun(const char *command)
{
    const char *slash = strrchr(command, '/');

    return strcmp(slash != NULL ? slash + 1 : command, "srun") == 0;
}

void tri_remote_command(const struct tri_strings *agent, const char *host, const char *dir,
                        const struct tri_remote_program *program, struct tri_strings *argv)
{
    char *text = script(dir, program);

    for (size_t i = 0; i < agent->count; i++) {
        tri_strings_add(argv, agent->items[i]);
    }
    if (is_srun(agent->items[0])) {
        const char *const words[] = {"-w", host, "/bin/sh", "-c", text};

        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            tri_strings_add(argv, words[i]);
        }
    } else {
        tri_strings_add(argv, host);
        /* Any login shell understands this much. */
        tri_strings_give(argv, tri_format("/bin/sh -c '%s'", text));
    }
    free(text);
}

static int spawn(char *const *argv, const int theirs[3], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    }
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    int error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);

    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* Pipes in the order of the descriptors: [i][0] to read. */
static bool open_pipes(int ends[3][2])
{
    for (int i = 0; i < 3; i++) {
        if (pipe2(ends[i], O_CLOEXEC) != 0) {
            while (i-- > 0) {
                close(ends[i][0]);
                close(ends[i][1]);
            }
            return false;
        }
    }
    return true;
}

int tri_remote_spawn(char *const *argv, pid_t *pid, int fds[3])
{
    int ends[3][2];

    if (!open_pipes(ends)) {
        return errno;
    }
    const int theirs[3] = {ends[0][0], ends[1][1], ends[2][1]};
    const int ours[3] = {ends[0][1], ends[1][0], ends[2][0]};
    int error = spawn(argv, theirs, pid);

    for (int i = 0; i < 3; i++) {
        close(theirs[i]);
        if (error != 0) {
            close(ours[i]);
        } else {
            fds[i] = ours[i];
        }
    }
    return error;
}
