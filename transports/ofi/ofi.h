/* What the files of the ofi transport share: its one state, its endpoints, its buffers. Internal to transports/ofi. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_OFI_H
#define TRI_OFI_H

#include "../transport.h"

#include <ifaddrs.h>
#include <time.h>

#include <rdma/fabric.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_eq.h>
#include <rdma/fi_errno.h>
#include <rdma/fi_rma.h>

/* The interface version that we program against; 2.x serves it as well. */
#define TRI_OFI_API FI_VERSION(1, 17)

enum {
    TRI_OFI_WIRE_VERSION = 1,
    TRI_OFI_TOKEN_LENGTH = 16,
    TRI_OFI_NAME_MAX = 512,           /* longest fabric address that we publish, bytes */
    TRI_OFI_PROTOCOL_MAX = 32,        /* of a provider's name, with the ending zero */
    TRI_OFI_SHORT_MAX = 216,          /* with the header: 256 bytes, four cache lines */
    TRI_OFI_BCOPY_MAX = 64 * 1024,    /* payload of the large buffers */
    TRI_OFI_ZCOPY_MIN = 4096,         /* below, copying is as quick as learning of the end */
    TRI_OFI_PART_MAX = 160 * 1024,    /* of a get or put, see remote.c; a put_notify is one part */
    TRI_OFI_RECEIVES = 64,            /* receive buffers that are posted */
    TRI_OFI_BATCH = 32,               /* completions read at a time */
};

/* In front of each payload. Only a process that read our published value knows the token, so a packet without it is a
 * stranger's. The sequence number counts the packets of one pair: it tells when a connection broke and lost some. */
struct tri_ofi_header {
    struct tri_envelope envelope;
    uint8_t token[TRI_OFI_TOKEN_LENGTH]; /* the receiver's */
    uint32_t peer;                       /* peer index of the sender */
    uint32_t sequence;
};

_Static_assert(sizeof(struct tri_ofi_header) == 40, "the wire header has no holes");

/* What a process publishes under "ofi.addr". */
struct tri_ofi_card {
    uint32_t version;
    uint32_t address_format;             /* enum of libfabric, FI_SOCKADDR_IN and so on */
    uint8_t token[TRI_OFI_TOKEN_LENGTH];
    uint64_t key_mask;                   /* see memory.c */
    char protocol[TRI_OFI_PROTOCOL_MAX]; /* name of the provider; both sides need the same */
    uint32_t name_length;
    uint8_t name[TRI_OFI_NAME_MAX];
};

/* Anything that ends with an entry in the completion queue. The queue's context points to it. */
struct tri_ofi_operation {
    struct fi_context2 context; /* the provider's, while the operation is under way; must come first */
    void (*done)(struct tri_ofi_operation *self, size_t len);
    void (*failed)(struct tri_ofi_operation *self, const char *reason, int error);
};

struct tri_ofi_endpoint;
struct tri_ofi_pool;

/* A send buffer: belongs to its pool, or to the packet that is under way from it. */
struct tri_ofi_buffer {
    struct tri_ofi_operation operation;
    struct tri_ofi_pool *pool;
    struct tri_ofi_buffer *next;        /* in the pool */
    struct tri_ofi_endpoint *endpoint;  /* while a packet is in it */
    struct tri_ofi_header *header;      /* the registered memory: header, then payload */
    void *descriptor;                   /* of that memory, where FI_MR_LOCAL asks for one */
    size_t len;                         /* in it: header and payload */
    const void *payload;                /* in the memory of who sends it, instead; or NULL */
    size_t payload_len;
    struct tri_completion *completion;  /* tells that this memory is free again */
};

struct tri_ofi_endpoint {
    struct tri_endpoint base;
    fi_addr_t address;
    uint8_t token[TRI_OFI_TOKEN_LENGTH];
    uint64_t key_mask;
    uint32_t sequence;                  /* of the next packet to go */
    unsigned in_flight;                 /* buffers of the pools that it holds */
    bool proven;                        /* something has left to the peer: there was a connection */
    struct tri_ofi_buffer *stuck;       /* accepted, but the provider had no room yet */
    time_t stuck_since;                 /* seconds, monotonic clock */
    struct tri_ofi_endpoint *next_stuck;
};

/* What a process knows of packets from a peer. Some providers complete a short packet before a long one that was sent
 * earlier: such a packet waits until it is its turn. */
struct tri_ofi_peer {
    uint32_t expected;             /* sequence number of the next packet to deliver */
    struct tri_ofi_receive *early; /* packets that came too early, in order */
};

/* Everything of the transport; one per process. Zero before open() and after close(). */
struct tri_ofi {
    const struct tri_host *host;
    struct fi_info *info;
    struct fid_fabric *fabric;
    struct fid_domain *domain;
    struct fid_cq *queue;
    struct fid_av *vector;
    struct fid_ep *ep;
    int fd;                /* to sleep on; -1: the provider has none */
    bool watches_sockets;  /* fd does, and not the completion queue */
    bool closing;          /* errors of peers that are gone already do not matter any more */
    bool stranger_noted;
    unsigned sends;        /* packets under way, all endpoints */
    unsigned can;          /* TRI_CAN_ bits of every endpoint */
    uint8_t token[TRI_OFI_TOKEN_LENGTH];
    uint64_t key_mask;
    struct tri_ofi_endpoint **endpoints; /* by peer index; NULL until connect() */
    struct tri_ofi_peer *peers;          /* by peer index */
    struct tri_ofi_endpoint *stuck;      /* list of endpoints with a stuck buffer */
};

extern struct tri_ofi tri_ofi;

/* Whether the provider is libfabric's own over TCP (`tcp`, in 1.17 named `net`), some of whose habits we know: it
 * completes packets in their order, and asks for another try only while it is not connected. */
static inline bool tri_ofi_is_tcp(void)
{
    return tri_ofi.info->ep_attr->protocol == FI_PROTO_XNET;
}

/* reach.c: whether a TCP peer's address does not even take a connection, with the reason. Waits up to five seconds. */
bool tri_ofi_is_out_of_reach(const struct tri_ofi_endpoint *endpoint, char *reason, size_t size);

/* ofi.c: seconds of the monotonic clock. */
time_t tri_ofi_now(void);

/* ofi.c: the table of this transport. */
const struct tri_transport *tri_ofi_table(void);

/* fabric.c: fi_info of the provider and interface to use; the caller frees it. NULL: the reason was said. */
struct fi_info *tri_ofi_choose(const struct tri_host *host);

/* kallsyms.c: fi_getinfo, which at its first call starts libfabric, without what that need not do. */
int tri_ofi_start_getinfo(const struct fi_info *hints, struct fi_info **list);

/* fabric.c: tells of all that there are, see survey of the contract. */
void tri_ofi_survey(const struct tri_host *host);

/* interface.c: how gladly the interface behind this fi_info is used, smaller is better; INT64_MAX: not at all. list is
 * from getifaddrs(); wanted is the user's OFI_INTERFACE: a name, an address, an address/prefix length, or "" for our
 * own choice; one_node: all peers are here. */
int64_t tri_ofi_rate_interface(const struct fi_info *info, const struct ifaddrs *list, const char *wanted,
                               bool one_node);

/* The interface's name and address for people, into text. */
void tri_ofi_describe_interface(const struct fi_info *info, const struct ifaddrs *list, char *text, size_t size);

/* address.c: publishing, and endpoints. */
int tri_ofi_publish(void);
struct tri_endpoint *tri_ofi_connect(unsigned lane, int peer);
void tri_ofi_drop_endpoints(void);

/* send.c */
int tri_ofi_send_open(void);
void tri_ofi_send_close(void);
int tri_ofi_send_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len);
int tri_ofi_send_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len);
int tri_ofi_send_zcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len,
                       struct tri_completion *completion);
bool tri_ofi_sends_in_place(void); /* whether the provider sends from memory that is not registered */
int tri_ofi_push_stuck(void); /* gives the stuck buffers to the provider again; number of those that went */

bool tri_ofi_notifies(void); /* whether put_notify works with the provider */
int tri_ofi_put_notify(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                       size_t len, uint64_t notice, struct tri_completion *completion);
void tri_ofi_notified(uint64_t data); /* a put_notify has come */

/* receive.c */
int tri_ofi_receive_open(void);
void tri_ofi_receive_close(void);
int tri_ofi_repost(void); /* posts again what could not be posted at its time */

/* memory.c */
int tri_ofi_register(void *address, size_t len, struct tri_remote_key *key, void **handle);
void tri_ofi_unregister(void *handle);
unsigned tri_ofi_can_remote(void); /* the TRI_CAN_ bits that the provider allows */

/* Registers memory for our own use of it, where the provider asks for that: otherwise *mr is NULL. */
int tri_ofi_register_local(const void *address, size_t len, uint64_t access, struct fid_mr **mr);

/* Where the provider wants us to look for the virtual address `remote` of the endpoint's process, under that key. */
uint64_t tri_ofi_remote_address(const struct tri_ofi_endpoint *endpoint, uint64_t remote, uint64_t key);

/* Memory for packets, registered where the provider asks for it. NULL when there is none; freed with its descriptor's
 * registration by tri_ofi_packet_memory_free. */
struct tri_ofi_memory {
    void *address;
    size_t len;
    struct fid_mr *mr; /* NULL when no registration is needed */
};
int tri_ofi_packet_memory(size_t len, uint64_t access, struct tri_ofi_memory *memory);
void tri_ofi_packet_memory_free(struct tri_ofi_memory *memory);

/* remote.c: get and put, which are transfers of ../transfer.h. */
void tri_ofi_remote_open(void);
int tri_ofi_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion);
int tri_ofi_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion);

/* progress.c */
int tri_ofi_queue_open(void);
void tri_ofi_queue_close(void);
int tri_ofi_progress(unsigned lane);
int tri_ofi_arm(bool as_fd, struct tri_wakeup *wakeup);
void tri_ofi_disarm(void);

#endif
