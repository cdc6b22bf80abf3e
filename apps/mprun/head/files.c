/* files.c: the ranks' output in files of their own (--output-dir). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

/* Files are opened for each piece of output: a job can have more ranks than mprun may have open
 * files. */
struct tri_files {
    char *dir;
    struct tri_line_style style;
    bool *at_start;       /* for each rank and stream */
    struct evbuffer *out; /* empty between calls */
};

static char *path_of(const struct tri_files *files, uint32_t rank, uint32_t stream)
{
    return tri_format("%s/rank.%u.%s", files->dir, rank, stream == 1 ? "out" : "err");
}

struct tri_files *tri_files_new(const char *dir, const struct tri_line_style *style)
{
    struct tri_files *files = tri_alloc(1, sizeof *files);

    files->dir = tri_copy(dir);
    files->style = *style;
    files->out = evbuffer_new();
    return files;
}

static char *cannot(const char *what, const char *path)
{
    return tri_format("cannot %s %s: %s", what, path, strerror(errno));
}

char *tri_files_create(struct tri_files *files, uint32_t nranks)
{
    char *why = NULL;

    if (mkdir(files->dir, 0777) != 0 && errno != EEXIST) {
        return cannot("make the directory", files->dir);
    }
    files->at_start = tri_alloc(nranks, 2 * sizeof *files->at_start);
    for (uint32_t i = 0; i < 2 * nranks && why == NULL; i++) {
        char *path = path_of(files, i / 2, 1 + i % 2);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

        if (fd < 0) {
            why = cannot("make", path);
        } else {
            close(fd);
        }
        files->at_start[i] = true;
        free(path);
    }
    return why;
}

char *tri_files_put(struct tri_files *files, uint32_t rank, uint32_t stream, const void *data,
                    size_t len)
{
    char *path = path_of(files, rank, stream), *why = NULL;
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

    tri_lines_put(files->out, &files->style, rank, data, len,
                  &files->at_start[2 * rank + stream - 1]);
    while (fd >= 0 && evbuffer_get_length(files->out) > 0) {
        if (evbuffer_write(files->out, fd) < 0 && errno != EINTR) {
            break;
        }
    }
    if (fd < 0 || evbuffer_get_length(files->out) > 0) {
        why = cannot("write", path);
        evbuffer_drain(files->out, evbuffer_get_length(files->out));
    }
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return why;
}
