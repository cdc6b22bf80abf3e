/* init_thread.c - MPI_Init_thread at the level of its argument (0 single ... 3 multiple). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

static void *ask_main(void *arg)
{
    int *flag = arg;

    MPI_Is_thread_main(flag);
    return NULL;
}

static void check_other_thread(void)
{
    pthread_t thread;
    int flag = -1;

    if (pthread_create(&thread, NULL, ask_main, &flag) != 0)
        abort();
    pthread_join(thread, NULL);
    CHECK(flag == 0, "a second thread is told that it is the main one (%d)", flag);
}

int main(int argc, char **argv)
{
    static const int levels[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED,
                                 MPI_THREAD_MULTIPLE};
    int wanted = argc > 1 ? atoi(argv[1]) & 3 : 3;
    int provided = -1, queried = -1, flag = -1;

    CHECK_OK(MPI_Init_thread(&argc, &argv, levels[wanted], &provided));
    t_learn_world();
    CHECK(provided >= levels[wanted], "asked for %d, got %d", levels[wanted], provided);
    CHECK_OK(MPI_Query_thread(&queried));
    CHECK(queried == provided, "MPI_Query_thread %d, MPI_Init_thread %d", queried, provided);
    CHECK_OK(MPI_Is_thread_main(&flag));
    CHECK(flag == 1, "the main thread is told %d", flag);
    if (provided >= MPI_THREAD_FUNNELED)
        check_other_thread();
    t_token((t_rank + 1) % t_size, (t_rank + t_size - 1) % t_size);
    return t_finish();
}
