/* transports.c: asks each transport what it finds here. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/runtime/network.h"
#include "../../src/runtime/variables.h"
#include "../../transports/transport.h"
#include "mpinfo.h"

static int64_t host_number(const char *name)
{
    return tri_variable_number(tri_variable_find(name));
}

static const char *host_text(const char *name)
{
    return tri_variable_text(tri_variable_find(name));
}

static void host_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("    ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

static const struct tri_host host = {
    .size = 2, .local_count = 1, .job = "mpinfo", .number = host_number, .text = host_text, .note = host_note};

static bool is_wanted(const char *name)
{
    char list[TRI_VARIABLE_TEXT_MAX + 2], word[64];
    snprintf(list, sizeof list, ",%s,", tri_variable_text(TRI_VAR_TRANSPORTS));
    snprintf(word, sizeof word, ",%s,", name);
    return strstr(list, word) != NULL;
}

static const char *wanted(const char *name)
{
    if (is_wanted(name)) {
        return "";
    }
    const char *listed = is_wanted("network") ? strstr(tri_network_choose()->transports, name) : NULL;
    if (!listed) {
        return " (not in TRIREME_TRANSPORTS: not used)";
    }
    return listed == tri_network_choose()->transports ? "" : " (when the better one can not be used)";
}

static void tell_rule(void)
{
    const struct tri_network *network = tri_network_choose();
    printf("  network is %s, the best first (%s: %s)%s\n", network->transports, network->fabric, network->why,
           is_wanted("network") ? "" : " (not in TRIREME_TRANSPORTS)");
}

static void tell_module(const char *path)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct tri_transport *(*entry)(void) = NULL;
    if (module) {
        /* POSIX's way to turn dlsym's object pointer into a function pointer. */
        *(void **)&entry = dlsym(module, "tri_transport_module");
    }
    if (!entry) {
        printf("  %s: not used: %s\n", path, module ? "it is no transport" : dlerror());
        return;
    }
    const struct tri_transport *transport = entry();
    printf("  %s, between nodes%s\n", transport->name, wanted(transport->name));
    if (transport->survey) {
        transport->survey(&host);
    }
}

int tri_info_transports(void)
{
    char pattern[1100], attach[200];
    const char *folder = tri_variable_text(TRI_VAR_MODULE_DIR);
    glob_t found;
    tri_info_attach(attach, sizeof attach);
    printf("transports\n  self, to the process itself%s\n", wanted("self"));
    printf("  shm, on a node%s\n    cross-memory attach %s%s\n", wanted("shm"), attach,
           tri_variable_number(TRI_VAR_CMA) ? "" : "; TRIREME_CMA forbids it");
    tell_rule();
    snprintf(pattern, sizeof pattern, "%s/transport_*.so", *folder ? folder : TRI_MODULE_DIR);
    if (glob(pattern, 0, NULL, &found)) {
        printf("  no modules in %s: ranks on several nodes do not reach each other\n",
               *folder ? folder : TRI_MODULE_DIR);
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        tell_module(found.gl_pathv[i]);
    }
    globfree(&found);
    return EXIT_SUCCESS;
}
