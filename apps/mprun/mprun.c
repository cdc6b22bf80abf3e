/* mprun.c: the command with which users start parallel programs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include "guard.h"
#include "head/job.h"
#include "place_plan.h"
#include "startup.h"
#include "tuning.h"

int main(int argc, char **argv)
{
    struct tri_options options;

    tri_startup();
    tri_options_parse(&options, argc, argv);
    tri_tuning_take(&options);
    if (options.topologies.count > 0) {
        return tri_place_plan(&options);
    }
    int code = tri_job_run(&options);

    tri_guard_stop();
    /* Not exit: the PMIx library's thread still runs and must not see its data torn down. */
    _exit(code);
}
