# local.mk: mprun and mprund, the launcher and its daemon.
# SPDX-License-Identifier: BSD-3-Clause
mprun_common = \
	apps/mprun/wire/agent.c apps/mprun/wire/agent.h \
	apps/mprun/wire/channel.c apps/mprun/wire/channel.h \
	apps/mprun/children.c apps/mprun/children.h \
	apps/mprun/node/claim.c apps/mprun/node/claim.h \
	apps/mprun/wire/exchange.c apps/mprun/wire/exchange.h \
	apps/mprun/node/guard.c apps/mprun/node/guard.h \
	apps/mprun/wire/jobdesc.c apps/mprun/wire/jobdesc.h \
	apps/mprun/wire/link.h apps/mprun/wire/link_remote.c apps/mprun/wire/magic.h \
	apps/mprun/node/node.c apps/mprun/node/node.h apps/mprun/node/node_internal.h \
	apps/mprun/node/node_bind.c apps/mprun/node/node_input.c apps/mprun/node/node_kill.c apps/mprun/node/node_output.c \
	apps/mprun/node/node_spawn.c apps/mprun/node/program.c \
	apps/mprun/place/place.c apps/mprun/place/place.h apps/mprun/place/place_internal.h \
	apps/mprun/place/place_cpus.c apps/mprun/place/place_cpus.h \
	apps/mprun/place/place_describe.c apps/mprun/place/place_field.c \
	apps/mprun/place/place_hwloc.c apps/mprun/place/place_hwloc.h \
	apps/mprun/place/place_machine.c apps/mprun/place/place_machine.h \
	apps/mprun/place/place_message.c apps/mprun/place/place_message.h \
	apps/mprun/place/place_node.c apps/mprun/place/place_order.c \
	apps/mprun/place/place_policy.c apps/mprun/place/place_policy.h \
	apps/mprun/place/place_sysfs.c apps/mprun/place/place_sysfs.h apps/mprun/place/place_wire.c \
	apps/mprun/node/server.c apps/mprun/node/server.h \
	apps/mprun/node/server_nspace.c apps/mprun/node/server_nspace.h \
	apps/mprun/node/server_psets.c apps/mprun/node/server_psets.h \
	apps/mprun/startup.c apps/mprun/startup.h \
	apps/mprun/wire/remote.c apps/mprun/wire/remote.h \
	apps/mprun/wire/tree.c apps/mprun/wire/tree.h \
	apps/mprun/util.c apps/mprun/util.h \
	apps/mprun/wire/wire.c apps/mprun/wire/wire.h \
	src/runtime/topology.c src/runtime/topology.h

mprun_includes = -I$(top_srcdir)/apps/mprun -I$(top_srcdir)/apps/mprun/display -I$(top_srcdir)/apps/mprun/head \
	-I$(top_srcdir)/apps/mprun/node -I$(top_srcdir)/apps/mprun/place -I$(top_srcdir)/apps/mprun/wire
mprun_cppflags = -D_GNU_SOURCE $(mprun_includes) -iquote $(top_srcdir)/src/runtime \
	$(PMIX_CFLAGS) $(LIBEVENT_CFLAGS) $(HWLOC_CFLAGS)
mprun_libs = $(PMIX_LIBS) $(LIBEVENT_LIBS) $(HWLOC_LIBS) -lpthread

bin_PROGRAMS += apps/mprun/mprun apps/mprun/mprund
apps_mprun_mprun_SOURCES = $(mprun_common) \
	apps/mprun/display/display.c apps/mprun/display/display.h \
	apps/mprun/display/display_json.c apps/mprun/display/display_svg.c apps/mprun/display/display_text.c \
	apps/mprun/head/files.c apps/mprun/head/files.h \
	apps/mprun/head/hosts.c apps/mprun/head/hosts.h \
	apps/mprun/head/job.c apps/mprun/head/job.h apps/mprun/head/job_internal.h \
	apps/mprun/head/job_exchange.c apps/mprun/head/job_input.c apps/mprun/head/job_links.c apps/mprun/head/job_report.c \
	apps/mprun/head/job_signals.c apps/mprun/head/job_start.c \
	apps/mprun/head/lines.c apps/mprun/head/lines.h apps/mprun/head/link_local.c \
	apps/mprun/head/map.c apps/mprun/head/map.h \
	apps/mprun/mprun.c \
	apps/mprun/head/options.c apps/mprun/head/options.h \
	apps/mprun/head/options_place.c apps/mprun/head/options_place.h \
	apps/mprun/place/place_job.c apps/mprun/place/place_job.h \
	apps/mprun/place/place_plan.c apps/mprun/place/place_plan.h \
	apps/mprun/head/options_job.c apps/mprun/head/options_job.h \
	apps/mprun/head/sink.c apps/mprun/head/sink.h \
	apps/mprun/head/slurm.c apps/mprun/head/slurm.h \
	apps/mprun/head/tuning.c apps/mprun/head/tuning.h
apps_mprun_mprun_CPPFLAGS = $(mprun_cppflags)
apps_mprun_mprun_LDADD = $(mprun_libs)

apps_mprun_mprund_SOURCES = $(mprun_common) apps/mprun/mprund.c \
	apps/mprun/wire/relay.c apps/mprun/wire/relay.h
apps_mprun_mprund_CPPFLAGS = $(mprun_cppflags)
apps_mprun_mprund_LDADD = $(mprun_libs)

dist_man_MANS += docs/mprun.1
