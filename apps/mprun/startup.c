/* startup.c: what mprun and mprund do before anything else. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "startup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "util.h"

static struct rlimit original_files;

static void open_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO) {
        close(fd);
    }
}

/* A rank's PMIx variables would lead the library to that rank's server. Tuning parameters stay. */
static void forget_being_a_rank(void)
{
    struct tri_strings names = {0};

    for (char **entry = environ; *entry != NULL; entry++) {
        if (strncmp(*entry, "PMIX_", 5) == 0 && strncmp(*entry, "PMIX_MCA_", 9) != 0) {
            tri_strings_give(&names, strndup(*entry, strcspn(*entry, "=")));
        }
    }
    for (size_t i = 0; i < names.count; i++) {
        unsetenv(names.items[i]);
    }
    tri_strings_clear(&names);
}

static void raise_file_limit(void)
{
    if (getrlimit(RLIMIT_NOFILE, &original_files) == 0) {
        struct rlimit raised = {original_files.rlim_max, original_files.rlim_max};

        setrlimit(RLIMIT_NOFILE, &raised);
    }
}

void tri_startup(void)
{
    open_standard_descriptors();
    forget_being_a_rank();
    /* Named components spare the library, here and in every rank, a search that takes longer than
     * all the rest of its start; the hash store also needs no files. */
    setenv("PMIX_MCA_gds", "hash", 1);
    setenv("PMIX_MCA_psec", "native", 0);
    raise_file_limit();
}

void tri_startup_restore_limits(void)
{
    if (original_files.rlim_max > 0) {
        setrlimit(RLIMIT_NOFILE, &original_files);
    }
}
