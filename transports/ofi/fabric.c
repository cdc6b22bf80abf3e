/* Chooses the libfabric provider and interface that a job's traffic between nodes takes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Providers from the most to the least wanted: networks with their own hardware, then TCP, quickest first as measured.
 * What is not named here comes after all of them but before `sockets`. */
static const char *const preference[] = {"cxi",  "efa", "psm3", "opx", "verbs;ofi_rxm", "verbs",
                                         "psm2", "gni", "tcp",  "net", "tcp;ofi_rxm"};

enum {
    PREFERENCES = sizeof(preference) / sizeof(*preference),
    RATE_UNKNOWN = PREFERENCES,
    RATE_SOCKETS,
    RATE_NEVER, /* stays on the node, or loses packets for a living */
};

/* What the user or the node decides about the choice. */
struct wish {
    const char *provider;  /* "": ours */
    const char *interface; /* "": ours */
    bool one_node;
    struct ifaddrs *list;
};

static int rate_provider(const char *name)
{
    for (int i = 0; i < PREFERENCES; i++) {
        if (strcmp(name, preference[i]) == 0) {
            return i;
        }
    }
    if (strcmp(name, "sockets") == 0) {
        return RATE_SOCKETS;
    }
    if (strncmp(name, "shm", 3) == 0 || strncmp(name, "udp", 3) == 0 || strstr(name, "ofi_rxd") ||
        strncmp(name, "sm2", 3) == 0 || strstr(name, "hook") || strstr(name, "mrail")) {
        return RATE_NEVER;
    }
    return RATE_UNKNOWN;
}

/* How well a provider fits the user's word: `tcp` also means `tcp;ofi_rxm` where there is no plain `tcp`. */
static int rate_forced(const char *name, const char *wanted)
{
    size_t len = strlen(wanted);

    if (strncmp(name, wanted, len) != 0) {
        return RATE_NEVER;
    }
    return name[len] == '\0' ? 0 : name[len] == ';' ? 1 : RATE_NEVER;
}

/* Everything that we can work with; the provider takes from mr_mode what it needs. */
static struct fi_info *make_hints(bool rma)
{
    struct fi_info *hints = fi_allocinfo();

    if (!hints) {
        return NULL;
    }
    hints->caps = FI_MSG | (rma ? FI_RMA : 0);
    hints->mode = FI_CONTEXT | FI_CONTEXT2;
    hints->ep_attr->type = FI_EP_RDM;
    hints->domain_attr->mr_mode = FI_MR_LOCAL | FI_MR_VIRT_ADDR | FI_MR_ALLOCATED | FI_MR_PROV_KEY | FI_MR_ENDPOINT;
    hints->domain_attr->threading = FI_THREAD_DOMAIN;
    hints->domain_attr->control_progress = FI_PROGRESS_MANUAL;
    hints->domain_attr->data_progress = FI_PROGRESS_MANUAL;
    hints->domain_attr->resource_mgmt = FI_RM_ENABLED;
    hints->tx_attr->msg_order = FI_ORDER_SAS;
    hints->rx_attr->msg_order = FI_ORDER_SAS;
    return hints;
}

static struct fi_info *list_providers(bool rma, const struct tri_host *host)
{
    struct fi_info *hints = make_hints(rma), *list = NULL;
    int rc = hints ? tri_ofi_start_getinfo(hints, &list) : -FI_ENOMEM;

    if (rc) {
        list = NULL;
        if (rc != -FI_ENODATA) {
            host->note("ofi: libfabric can not list its providers: %s", fi_strerror(-rc));
        }
    }
    if (hints) {
        fi_freeinfo(hints);
    }
    return list;
}

/* The best entry of the list under the wish, or NULL. */
static const struct fi_info *pick(const struct fi_info *list, const struct wish *wish)
{
    const struct fi_info *best = NULL;
    int best_provider = RATE_NEVER;
    int64_t best_interface = INT64_MAX;

    for (; list; list = list->next) {
        const char *name = list->fabric_attr->prov_name;
        int provider = *wish->provider ? rate_forced(name, wish->provider) : rate_provider(name);
        int64_t interface;

        if (provider > best_provider || provider == RATE_NEVER) {
            continue;
        }
        interface = tri_ofi_rate_interface(list, wish->list, wish->interface, wish->one_node);
        if (interface == INT64_MAX || (provider == best_provider && interface >= best_interface)) {
            continue;
        }
        best = list;
        best_provider = provider;
        best_interface = interface;
    }
    return best;
}

/* Adds what to text unless it is there already. */
static void add_word(char *text, size_t size, const char *word)
{
    size_t used = strlen(text), len = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at += len) {
        bool whole_start = at == text || at[-1] == ' ';
        if (whole_start && (at[len] == ',' || at[len] == '\0')) {
            return;
        }
    }
    snprintf(text + used, size - used, "%s%s", used ? ", " : "", word);
}

/* The user's choice does not exist: says so, with what there is instead. */
static void refuse(const struct tri_host *host, const struct fi_info *list, const struct wish *wish)
{
    char providers[512] = "", interfaces[512] = "";

    for (; list; list = list->next) {
        char text[128];

        if (rate_provider(list->fabric_attr->prov_name) == RATE_NEVER) {
            continue;
        }
        add_word(providers, sizeof(providers), list->fabric_attr->prov_name);
        tri_ofi_describe_interface(list, wish->list, text, sizeof(text));
        text[strcspn(text, ",")] = '\0';
        add_word(interfaces, sizeof(interfaces), text + strcspn(text, " ") + 1);
    }
    host->fail(-1,
               "libfabric has no provider %s%s%s%s on this node; there are the providers %s and the interfaces %s: "
               "correct or unset TRIREME_OFI_PROVIDER and TRIREME_OFI_INTERFACE",
               *wish->provider ? wish->provider : "for messages", *wish->interface ? " for the interface \"" : "",
               wish->interface, *wish->interface ? "\"" : "", *providers ? providers : "(none)",
               *interfaces ? interfaces : "(none)");
}

static struct wish make_wish(const struct tri_host *host, bool one_node)
{
    struct wish wish = {host->text("OFI_PROVIDER"), host->text("OFI_INTERFACE"), one_node, NULL};

    if (getifaddrs(&wish.list) != 0) {
        wish.list = NULL;
    }
    return wish;
}

struct fi_info *tri_ofi_choose(const struct tri_host *host)
{
    struct wish wish = make_wish(host, host->local_count == host->size);
    struct fi_info *with_rma = list_providers(true, host), *without = NULL, *result = NULL;
    const struct fi_info *best;

    best = pick(with_rma, &wish);
    if (!best) {
        without = list_providers(false, host);
        best = pick(without, &wish);
    }
    if (best) {
        char text[128];

        tri_ofi_describe_interface(best, wish.list, text, sizeof(text));
        result = fi_dupinfo(best);
        host->note("ofi: provider %s, %s, libfabric %u.%u", best->fabric_attr->prov_name, text, FI_MAJOR(fi_version()),
                   FI_MINOR(fi_version()));
    } else if (*wish.provider || *wish.interface) {
        refuse(host, without, &wish);
    } else {
        host->note("ofi: libfabric offers no provider that can carry messages between nodes");
    }
    if (wish.list) {
        freeifaddrs(wish.list);
    }
    fi_freeinfo(with_rma);
    fi_freeinfo(without);
    return result;
}

/* Whether an entry before this one in the list reads the same. */
static bool is_told(const struct fi_info *list, const struct fi_info *info, const struct wish *wish, const char *text)
{
    char other[128];

    for (; list != info; list = list->next) {
        tri_ofi_describe_interface(list, wish->list, other, sizeof(other));
        if (!strcmp(list->fabric_attr->prov_name, info->fabric_attr->prov_name) && !strcmp(other, text)) {
            return true;
        }
    }
    return false;
}

/* What speaks for or against an entry, if best is the one that is taken. */
static const char *judge(const struct fi_info *info, const struct fi_info *best, const struct wish *wish,
                         const char *text)
{
    const char *name = info->fabric_attr->prov_name;
    char other[128];

    if (rate_provider(name) == RATE_NEVER) {
        return "not used: stays on a node or may lose messages";
    }
    if ((*wish->provider && rate_forced(name, wish->provider) == RATE_NEVER) ||
        tri_ofi_rate_interface(info, wish->list, wish->interface, wish->one_node) == INT64_MAX) {
        return *wish->provider || *wish->interface ? "not used: TRIREME_OFI_PROVIDER or TRIREME_OFI_INTERFACE asks for "
                                                     "another"
                                                   : "not used: its address means nothing on other nodes";
    }
    if (strcmp(name, best->fabric_attr->prov_name) != 0) {
        return "not used: there is a quicker provider";
    }
    tri_ofi_describe_interface(best, wish->list, other, sizeof(other));
    return strcmp(other, text) != 0 ? "not used: there is a better interface" : "used between nodes";
}

void tri_ofi_survey(const struct tri_host *host)
{
    struct wish wish = make_wish(host, false);
    struct fi_info *list = list_providers(true, host);
    const struct fi_info *best = pick(list, &wish);

    for (const struct fi_info *info = list; best && info; info = info->next) {
        char text[128];

        tri_ofi_describe_interface(info, wish.list, text, sizeof(text));
        if (!is_told(list, info, &wish, text)) {
            host->note("%s, %s: %s", info->fabric_attr->prov_name, text, judge(info, best, &wish, text));
        }
    }
    if (!best) {
        host->note("libfabric %u.%u offers no provider that fits", FI_MAJOR(fi_version()), FI_MINOR(fi_version()));
    }
    if (wish.list) {
        freeifaddrs(wish.list);
    }
    fi_freeinfo(list);
}
