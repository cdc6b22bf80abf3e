# local.mk: the ofi transport, a module that the library loads only for jobs that span nodes.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs LIBFABRIC_CFLAGS and LIBFABRIC_LIBS. The convenience library is for the conformance test too.
if WITH_OFI
noinst_LTLIBRARIES += transports/ofi/libofi.la
transports_ofi_libofi_la_SOURCES = transports/transport.h transports/interface.h \
	transports/interface.c transports/transfer.h transports/transfer.c transports/ofi/ofi.h \
	transports/ofi/ofi.c transports/ofi/fabric.c transports/ofi/interface.c transports/ofi/kallsyms.c \
	transports/ofi/address.c transports/ofi/send.c transports/ofi/reach.c transports/ofi/receive.c \
	transports/ofi/memory.c transports/ofi/remote.c transports/ofi/progress.c
transports_ofi_libofi_la_CPPFLAGS = -D_GNU_SOURCE $(LIBFABRIC_CFLAGS)
transports_ofi_libofi_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
transports_ofi_libofi_la_LIBADD = $(LIBFABRIC_LIBS)

pkglib_LTLIBRARIES += transport_ofi.la
transport_ofi_la_SOURCES =
transport_ofi_la_LIBADD = transports/ofi/libofi.la
transport_ofi_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
	-export-symbols-regex '^tri_transport_module$$'
endif
