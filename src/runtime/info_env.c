/* How this process was started, as an info object. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "info.h"

/* The arguments in one line, as MPI_Comm_spawn's info would have them; what is beyond a value's length is cut off. */
static void set_arguments(struct tri_info *info, int argc, char *const *argv)
{
    char line[MPI_MAX_INFO_VAL] = "";
    size_t used = 0;
    for (int i = 1; i < argc && argv[i]; i++) {
        size_t len = strlen(argv[i]), space = i > 1;
        if (used + space + len >= sizeof line) {
            break;
        }
        memcpy(line + used, " ", space);
        memcpy(line + used + space, argv[i], len + 1);
        used += space + len;
    }
    tri_info_set(info, "argv", line);
}

static void set_clipped(struct tri_info *info, const char *key, const char *value)
{
    char text[MPI_MAX_INFO_VAL];
    size_t len = strnlen(value, sizeof text - 1);
    memcpy(text, value, len);
    text[len] = '\0';
    tri_info_set(info, key, text);
}

/* /proc/self/cmdline: the arguments, each with its end. */
static void set_own_command(struct tri_info *info)
{
    char text[4096], *argv[256];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC), argc = 0;
    ssize_t len = file >= 0 ? read(file, text, sizeof text - 1) : -1;
    if (file >= 0) {
        close(file);
    }
    if (len <= 0) {
        return;
    }
    text[len] = '\0';
    for (char *at = text; at < text + len && argc < (int)TRI_COUNT_OF(argv); at += strlen(at) + 1) {
        argv[argc++] = at;
    }
    set_clipped(info, "command", argv[0]);
    set_arguments(info, argc, argv);
}

void tri_info_fill_env(struct tri_info *info, int argc, char *const *argv)
{
    if (argc > 0 && argv && argv[0]) {
        set_clipped(info, "command", argv[0]);
        set_arguments(info, argc, argv);
    } else {
        set_own_command(info);
    }
    const char *processes = getenv("TRIREME_JOB_MAXPROCS"); /* of this program; from mprun */
    if (processes) {
        set_clipped(info, "maxprocs", processes);
    }
    struct utsname system;
    if (uname(&system) == 0) {
        tri_info_set(info, "host", system.nodename);
        tri_info_set(info, "arch", system.machine);
    }
    char directory[MPI_MAX_INFO_VAL];
    if (getcwd(directory, sizeof directory)) {
        tri_info_set(info, "wdir", directory);
    }
}

static struct tri_info *environment;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct tri_info *tri_info_env(void)
{
    pthread_mutex_lock(&lock);
    if (!environment) {
        environment = tri_info_make();
        environment->handle = MPI_INFO_ENV;
        tri_info_fill_env(environment, 0, NULL);
        environment->read_only = true;
    }
    pthread_mutex_unlock(&lock);
    return environment;
}

void tri_info_env_end(void)
{
    if (environment) {
        tri_info_free(environment);
        environment = NULL;
    }
}
