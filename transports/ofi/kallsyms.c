/* Keeps libfabric from reading the kernel's symbols while it starts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Until 1.20 libfabric's verbs provider looks through /proc/kallsyms twice when the library starts, in each process,
 * whether there is such hardware or not: some 100 ms of processor time, most of what a job on several nodes takes to
 * start. It wants to know whether memory of GPUs can be registered, which we do not ask for; where the file is not there
 * it goes without. No variable of libfabric leaves that out, so that we let the library find no such file: its own entry
 * for fopen() leads to us meanwhile. */

static FILE *fopen_without(const char *path, const char *mode)
{
    if (strcmp(path, "/proc/kallsyms") == 0) {
        errno = ENOENT;
        return NULL;
    }
    return fopen(path, mode);
}

#if defined(__x86_64__)
enum { KIND_CALL = R_X86_64_JUMP_SLOT, KIND_ADDRESS = R_X86_64_GLOB_DAT };
#elif defined(__aarch64__)
enum { KIND_CALL = R_AARCH64_JUMP_SLOT, KIND_ADDRESS = R_AARCH64_GLOB_DAT };
#else
enum { KIND_CALL = -1, KIND_ADDRESS = -1 }; /* none is found, and libfabric reads on */
#endif

/* What the dynamic section says of one library. */
struct library {
    uintptr_t base;
    const ElfW(Sym) *symbols;
    const char *names;
    const ElfW(Rela) *tables[2];
    size_t bytes[2];
};

static struct library read_dynamic(uintptr_t base, const ElfW(Dyn) *dynamic)
{
    struct library library = {.base = base};

    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        switch (dynamic->d_tag) {
        case DT_SYMTAB: library.symbols = (const void *)dynamic->d_un.d_ptr; break;
        case DT_STRTAB: library.names = (const void *)dynamic->d_un.d_ptr; break;
        case DT_JMPREL: library.tables[0] = (const void *)dynamic->d_un.d_ptr; break;
        case DT_PLTRELSZ: library.bytes[0] = dynamic->d_un.d_val; break;
        case DT_RELA: library.tables[1] = (const void *)dynamic->d_un.d_ptr; break;
        case DT_RELASZ: library.bytes[1] = dynamic->d_un.d_val; break;
        default: break;
        }
    }
    return library;
}

/* The place where the library keeps the address of that function; NULL: it does not call it. */
static void **find_slot(const struct library *library, const char *function)
{
    for (int t = 0; t < 2; t++) {
        size_t count = library->tables[t] ? library->bytes[t] / sizeof(ElfW(Rela)) : 0;

        for (size_t i = 0; i < count; i++) {
            const ElfW(Rela) *entry = &library->tables[t][i];
            int kind = (int)ELF64_R_TYPE(entry->r_info);
            const char *name = library->names + library->symbols[ELF64_R_SYM(entry->r_info)].st_name;

            if ((kind == KIND_CALL || kind == KIND_ADDRESS) && strcmp(name, function) == 0) {
                return (void **)(library->base + entry->r_offset);
            }
        }
    }
    return NULL;
}

/* Where the address is kept, and whether the loader has made that page read-only (RELRO). */
struct place {
    void **slot;
    bool sealed;
};

static uintptr_t page_of(uintptr_t address)
{
    return address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

static int look_at(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct place *place = arg;

    (void)size;
    if (!strstr(info->dlpi_name, "/libfabric.so")) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];

        if (part->p_type == PT_DYNAMIC) {
            struct library library = read_dynamic(info->dlpi_addr, (const void *)(info->dlpi_addr + part->p_vaddr));
            place->slot = library.symbols && library.names ? find_slot(&library, "fopen") : NULL;
        }
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + part->p_vaddr, slot = (uintptr_t)place->slot;

        place->sealed |= part->p_type == PT_GNU_RELRO && page_of(slot) >= page_of(start) &&
                         page_of(slot) < page_of(start + part->p_memsz);
    }
    return 1;
}

static bool store(const struct place *place, void *function)
{
    void *page = (void *)page_of((uintptr_t)place->slot);
    size_t len = (size_t)sysconf(_SC_PAGESIZE);

    if (place->sealed && mprotect(page, len, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    *place->slot = function;
    if (place->sealed) {
        mprotect(page, len, PROT_READ);
    }
    return true;
}

int tri_ofi_start_getinfo(const struct fi_info *hints, struct fi_info **list)
{
    static bool started;
    struct place place = {NULL, false};

    if (!started && FI_VERSION_LT(fi_version(), FI_VERSION(1, 20))) {
        dl_iterate_phdr(look_at, &place);
    }
    started = true;
    void *before = place.slot ? *place.slot : NULL;
    bool changed = before && store(&place, (void *)(uintptr_t)fopen_without);
    int rc = fi_getinfo(TRI_OFI_API, NULL, NULL, 0, hints, list);
    if (changed) {
        store(&place, before);
    }
    return rc;
}
