# local.mk: the ucx transport, a module that the library loads only for jobs that span nodes and want it.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs UCX_CFLAGS and UCX_LIBS. The convenience library is for the conformance test too.
if WITH_UCX
noinst_LTLIBRARIES += transports/ucx/libucx.la
transports_ucx_libucx_la_SOURCES = transports/transport.h transports/interface.h \
	transports/interface.c transports/transfer.h transports/transfer.c transports/ucx/ucx.h \
	transports/ucx/ucx.c transports/ucx/context.c transports/ucx/address.c transports/ucx/buffer.c transports/ucx/send.c \
	transports/ucx/receive.c transports/ucx/remote.c transports/ucx/serve.c
transports_ucx_libucx_la_CPPFLAGS = -D_GNU_SOURCE $(UCX_CFLAGS)
transports_ucx_libucx_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
transports_ucx_libucx_la_LIBADD = $(UCX_LIBS)

pkglib_LTLIBRARIES += transport_ucx.la
transport_ucx_la_SOURCES =
transport_ucx_la_LIBADD = transports/ucx/libucx.la
transport_ucx_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
	-export-symbols-regex '^tri_transport_module$$'
endif
