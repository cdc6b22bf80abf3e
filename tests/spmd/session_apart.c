/* session_apart.c - a rank is still on its way out of the world when the others leave a session. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <dlfcn.h>
#include <unistd.h>

/* The library takes leave of the launcher with PMIx_Finalize: ours is found first, and takes its
 * time in the last rank, once. Meanwhile the others are through with their session, and wait at
 * their exit: what they share with the last one must stay until it has come, too. */
enum { LATE_US = 300000 };

static int late;

__attribute__((visibility("default"))) int PMIx_Finalize(const void *info, size_t count);
int PMIx_Finalize(const void *info, size_t count)
{
    int (*true_one)(const void *, size_t);

    if (late)
        usleep(LATE_US);
    late = 0;
    *(void **)&true_one = dlsym(RTLD_NEXT, "PMIx_Finalize");
    return true_one(info, count);
}

int main(int argc, char **argv)
{
    MPI_Session session;
    int code;

    t_init(&argc, &argv);
    late = t_rank == t_size - 1;
    code = t_finish();
    CHECK(late == 0, "MPI_Finalize did not end with PMIx_Finalize");
    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_ARE_FATAL, &session));
    CHECK_OK(MPI_Session_finalize(&session));
    return code || t_failures;
}
