/* program.c: finds the file that an app's ranks execute, and says precisely why it cannot. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node_internal.h"

/* dir may be relative: it is then meant from the app's working directory. */
static char *join(const struct tri_app *app, const char *dir, const char *name)
{
    if (name[0] == '/') {
        return tri_copy(name);
    }
    if (dir[0] == '/') {
        return tri_format("%s/%s", dir, name);
    }
    return dir[0] == '\0' ? tri_format("%s/%s", app->dir, name)
                          : tri_format("%s/%s/%s", app->dir, dir, name);
}

/* 0: can be executed; else the exit code for mprun. */
static int judge(const char *file)
{
    struct stat info;

    if (stat(file, &info) != 0) {
        return errno == EACCES ? TRI_EXIT_NOT_EXECUTABLE : TRI_EXIT_NOT_FOUND;
    }
    return S_ISREG(info.st_mode) && access(file, X_OK) == 0 ? 0 : TRI_EXIT_NOT_EXECUTABLE;
}

/* Tries name in each directory of a colon-separated list. An empty one is the working directory. */
static int search(const struct tri_app *app, const char *list, char **file)
{
    int code = TRI_EXIT_NOT_FOUND;

    while (list != NULL) {
        const char *end = strchrnul(list, ':');
        char *dir = tri_format("%.*s", (int)(end - list), list);
        int this_code;

        *file = join(app, dir, app->argv.items[0]);
        free(dir);
        this_code = judge(*file);
        if (this_code == 0) {
            return 0;
        }
        free(*file);
        *file = NULL;
        code = this_code == TRI_EXIT_NOT_EXECUTABLE ? this_code : code;
        list = *end == ':' ? end + 1 : NULL;
    }
    return code;
}

int tri_program_find(const struct tri_app *app, const char *path, const char *node, char **file,
                     char **why)
{
    const char *name = app->argv.items[0];
    struct stat info;
    int code;

    if (stat(app->dir, &info) != 0 || !S_ISDIR(info.st_mode)) {
        *why = tri_format("working directory \"%s\" does not exist on node %s", app->dir, node);
        return TRI_EXIT_ERROR;
    }
    if (strchr(name, '/') != NULL) {
        code = search(app, "", file);
    } else {
        code = app->path[0] != '\0' ? search(app, app->path, file) : TRI_EXIT_NOT_FOUND;
        if (code != 0) {
            int in_path = search(app, path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", file);

            code = in_path == 0 || in_path == TRI_EXIT_NOT_EXECUTABLE ? in_path : code;
        }
    }
    if (code != 0) {
        *why = tri_format("program \"%s\" %s on node %s (in %s)", name,
                          code == TRI_EXIT_NOT_FOUND ? "not found" : "is not executable", node,
                          app->dir);
    }
    return code;
}
