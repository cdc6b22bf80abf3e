/* UCX's context and worker: which of its transports and devices we let it use, and what it must not do to a program. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ucs/config/global_opts.h>
#include <ucs/debug/debug.h>
#include <ucs/debug/log_def.h>

#include "../interface.h"

static char choice[1200]; /* for people */

static const char device_folder[] = "/sys/class/infiniband";

/* What UCX has to say goes to who asked for it by TRIREME_VERBOSE, and not into the program's output. It may say so on
 * a thread of its own, which must not call the host. */
static pthread_t main_thread;

static ucs_log_func_rc_t on_log(const char *file, unsigned line, const char *function, ucs_log_level_t level,
                                const ucs_log_component_config_t *component, const char *message, va_list args)
{
    char text[300];

    (void)file;
    (void)line;
    (void)function;
    (void)component;
    if (level <= UCS_LOG_LEVEL_WARN && pthread_equal(pthread_self(), main_thread)) {
        vsnprintf(text, sizeof(text), message, args);
        tri_ucx.host->note("ucx: %s", text);
    }
    return UCS_LOG_FUNC_RC_STOP;
}

/* UCX takes signals for itself as soon as it is loaded, to print stacks and to wait for a debugger. They belong to the
 * program: it gets its own handlers back, unless the user asked for UCX's. */
static void give_signals_back(void)
{
    static bool given;
    const int signals = (int)ucs_global_opts.error_signals.count;

    if (given) {
        return;
    }
    given = true;
    for (int i = 0; !getenv("UCX_HANDLE_ERRORS") && ucs_global_opts.handle_errors && i < signals; i++) {
        ucs_debug_disable_signal(ucs_global_opts.error_signals.signals[i]);
    }
    if (!getenv("UCX_DEBUG_SIGNO") && ucs_global_opts.debug_signo > 0) {
        ucs_debug_disable_signal(ucs_global_opts.debug_signo);
    }
}

/* Sets one of UCX's variables, unless the user did. */
static void set(ucp_config_t *config, const char *name, const char *value)
{
    char variable[64];

    snprintf(variable, sizeof(variable), "UCX_%s", name);
    if (!getenv(variable) && ucp_config_modify(config, name, value) != UCS_OK) {
        tri_ucx.host->note("ucx: this version does not know %s", variable);
    }
}

static bool is_active(const char *device, const char *port)
{
    char path[600], state[32] = "";
    FILE *file;

    snprintf(path, sizeof(path), "%s/%.200s/ports/%.200s/state", device_folder, device, port);
    file = fopen(path, "re");
    if (file) {
        if (!fgets(state, sizeof(state), file)) {
            state[0] = '\0';
        }
        fclose(file);
    }
    return strstr(state, "ACTIVE") != NULL;
}

/* Appends the active ports of the RDMA devices to the list, in UCX's notation. */
static void list_ports(const char *device, char *list, size_t size)
{
    char path[300];
    DIR *ports;

    snprintf(path, sizeof(path), "%s/%.200s/ports", device_folder, device);
    ports = opendir(path);
    for (struct dirent *entry; ports && (entry = readdir(ports));) {
        size_t used = strlen(list);

        if (entry->d_name[0] != '.' && is_active(device, entry->d_name)) {
            snprintf(list + used, size - used, "%s:%s,", device, entry->d_name);
        }
    }
    if (ports) {
        closedir(ports);
    }
}

static void list_devices(char *list, size_t size)
{
    DIR *folder = opendir(device_folder);

    list[0] = '\0';
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') {
            list_ports(entry->d_name, list, size);
        }
    }
    if (folder) {
        closedir(folder);
    }
}

void tri_ucx_survey(const struct tri_host *host)
{
    char devices[900], text[INET6_ADDRSTRLEN];
    struct ifaddrs *list = NULL;
    const struct ifaddrs *best = getifaddrs(&list) == 0 ? tri_interface_best(list, false) : NULL;
    const char *user = getenv("UCX_NET_DEVICES");

    list_devices(devices, sizeof(devices));
    if (user) {
        host->note("devices %s, as UCX_NET_DEVICES says", user);
    }
    if (*devices) {
        host->note("RDMA, devices %s%s", devices, user ? " would be taken" : " taken");
    }
    if (best) {
        tri_interface_print(best->ifa_addr, text, sizeof(text));
        host->note("tcp, interface %s, address %s: %s", best->ifa_name, text, user ? "would be taken" : "taken");
    }
    if (list) {
        freeifaddrs(list);
    }
}

/* Shared memory is for the shm transport. TCP takes the interface that the ofi transport would take: by itself UCX
 * would use several, and those of containers too. */
static void choose_devices(ucp_config_t *config)
{
    char devices[900], text[INET6_ADDRSTRLEN] = "none";
    const char *transports = getenv("UCX_TLS");
    struct ifaddrs *list = NULL;
    const struct ifaddrs *best;
    size_t rdma;

    list_devices(devices, sizeof(devices) - 64);
    rdma = strlen(devices);
    best = getifaddrs(&list) == 0 ? tri_interface_best(list, tri_ucx.host->local_count == tri_ucx.host->size) : NULL;
    if (best) {
        snprintf(devices + rdma, sizeof(devices) - rdma, "%s", best->ifa_name);
        tri_interface_print(best->ifa_addr, text, sizeof(text));
        set(config, "NET_DEVICES", devices);
    }
    set(config, "TCP_RX_SEG_SIZE", TRI_UCX_RECEIVED);
    if (!transports) {
        transports = rdma ? "ib,tcp" : "tcp";
    }
    set(config, "TLS", transports);
    tri_ucx.rendezvous = strcmp(transports, "tcp") != 0;
    snprintf(choice, sizeof(choice), "transports %s, devices %s, address %s, UCX %s", transports,
             getenv("UCX_NET_DEVICES") ? getenv("UCX_NET_DEVICES") : devices, text, ucp_get_version_string());
    tri_ucx.host->note("ucx: %s", choice);
    if (list) {
        freeifaddrs(list);
    }
}

static ucs_status_t make_context(void)
{
    const ucp_params_t params = {
        .field_mask = UCP_PARAM_FIELD_FEATURES | UCP_PARAM_FIELD_MT_WORKERS_SHARED | UCP_PARAM_FIELD_ESTIMATED_NUM_EPS,
        .features = UCP_FEATURE_AM | UCP_FEATURE_WAKEUP,
        .estimated_num_eps = (size_t)tri_ucx.host->size,
    };
    ucp_config_t *config;
    ucs_status_t status = ucp_config_read(NULL, NULL, &config);

    if (status == UCS_OK) {
        choose_devices(config);
        status = ucp_init(&params, config, &tri_ucx.context);
        ucp_config_release(config);
    }
    return status;
}

/* UCX's own thread accepts connections. It must take no signal that the program waits for. */
static ucs_status_t make_worker(void)
{
    const ucp_worker_params_t params = {.field_mask = UCP_WORKER_PARAM_FIELD_THREAD_MODE,
                                        .thread_mode = UCS_THREAD_MODE_SERIALIZED};
    sigset_t all, before;
    ucs_status_t status;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = ucp_worker_create(tri_ucx.context, &params, &tri_ucx.worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

int tri_ucx_context_open(void)
{
    ucs_status_t status;

    main_thread = pthread_self();
    if (!getenv("UCX_LOG_LEVEL")) {
        ucs_log_push_handler(on_log);
        tri_ucx.logging = true;
    }
    give_signals_back();
    status = make_context();
    if (status == UCS_OK) {
        status = make_worker();
    }
    if (status == UCS_OK) {
        status = ucp_worker_get_efd(tri_ucx.worker, &tri_ucx.fd);
    }
    if (status != UCS_OK) {
        tri_ucx.host->note("ucx: can not be used with %s: %s (UCX_TLS and UCX_NET_DEVICES choose)", choice,
                           ucs_status_string(status));
        return TRI_FAILED;
    }
    return TRI_OK;
}

void tri_ucx_context_close(void)
{
    if (tri_ucx.worker) {
        ucp_worker_destroy(tri_ucx.worker);
    }
    if (tri_ucx.context) {
        ucp_cleanup(tri_ucx.context);
    }
    if (tri_ucx.logging) {
        ucs_log_pop_handler();
    }
}
