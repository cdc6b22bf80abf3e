# local.mk: mprun and mprund, the launcher and its daemon.
# SPDX-License-Identifier: BSD-3-Clause
mprun_common = \
	apps/mprun/agent.c apps/mprun/agent.h \
	apps/mprun/channel.c apps/mprun/channel.h \
	apps/mprun/children.c apps/mprun/children.h \
	apps/mprun/claim.c apps/mprun/claim.h \
	apps/mprun/exchange.c apps/mprun/exchange.h \
	apps/mprun/guard.c apps/mprun/guard.h \
	apps/mprun/jobdesc.c apps/mprun/jobdesc.h \
	apps/mprun/link.h apps/mprun/link_remote.c apps/mprun/magic.h \
	apps/mprun/node.c apps/mprun/node.h apps/mprun/node_internal.h \
	apps/mprun/node_bind.c apps/mprun/node_input.c apps/mprun/node_kill.c apps/mprun/node_output.c \
	apps/mprun/node_spawn.c apps/mprun/program.c \
	apps/mprun/place.c apps/mprun/place.h apps/mprun/place_internal.h \
	apps/mprun/place_cpus.c apps/mprun/place_cpus.h \
	apps/mprun/place_describe.c apps/mprun/place_field.c \
	apps/mprun/place_hwloc.c apps/mprun/place_hwloc.h \
	apps/mprun/place_machine.c apps/mprun/place_machine.h \
	apps/mprun/place_message.c apps/mprun/place_message.h \
	apps/mprun/place_node.c apps/mprun/place_order.c \
	apps/mprun/place_policy.c apps/mprun/place_policy.h \
	apps/mprun/place_sysfs.c apps/mprun/place_sysfs.h apps/mprun/place_wire.c \
	apps/mprun/server.c apps/mprun/server.h \
	apps/mprun/server_nspace.c apps/mprun/server_nspace.h \
	apps/mprun/server_psets.c apps/mprun/server_psets.h \
	apps/mprun/startup.c apps/mprun/startup.h \
	apps/mprun/tree.c apps/mprun/tree.h \
	apps/mprun/util.c apps/mprun/util.h \
	apps/mprun/wire.c apps/mprun/wire.h \
	src/runtime/topology.c src/runtime/topology.h

mprun_cppflags = -D_GNU_SOURCE -I$(top_srcdir)/apps/mprun -iquote $(top_srcdir)/src/runtime \
	$(PMIX_CFLAGS) $(LIBEVENT_CFLAGS) $(HWLOC_CFLAGS)
mprun_libs = $(PMIX_LIBS) $(LIBEVENT_LIBS) $(HWLOC_LIBS) -lpthread

bin_PROGRAMS += apps/mprun/mprun apps/mprun/mprund
apps_mprun_mprun_SOURCES = $(mprun_common) \
	apps/mprun/display.c apps/mprun/display.h \
	apps/mprun/display_json.c apps/mprun/display_svg.c apps/mprun/display_text.c \
	apps/mprun/files.c apps/mprun/files.h \
	apps/mprun/hosts.c apps/mprun/hosts.h \
	apps/mprun/job.c apps/mprun/job.h apps/mprun/job_internal.h \
	apps/mprun/job_exchange.c apps/mprun/job_input.c apps/mprun/job_links.c apps/mprun/job_report.c \
	apps/mprun/job_signals.c apps/mprun/job_start.c \
	apps/mprun/lines.c apps/mprun/lines.h apps/mprun/link_local.c \
	apps/mprun/map.c apps/mprun/map.h \
	apps/mprun/mprun.c \
	apps/mprun/options.c apps/mprun/options.h \
	apps/mprun/options_place.c apps/mprun/options_place.h \
	apps/mprun/place_job.c apps/mprun/place_job.h \
	apps/mprun/place_plan.c apps/mprun/place_plan.h \
	apps/mprun/options_job.c apps/mprun/options_job.h \
	apps/mprun/sink.c apps/mprun/sink.h \
	apps/mprun/slurm.c apps/mprun/slurm.h \
	apps/mprun/tuning.c apps/mprun/tuning.h
apps_mprun_mprun_CPPFLAGS = $(mprun_cppflags)
apps_mprun_mprun_LDADD = $(mprun_libs)

apps_mprun_mprund_SOURCES = $(mprun_common) apps/mprun/mprund.c \
	apps/mprun/relay.c apps/mprun/relay.h
apps_mprun_mprund_CPPFLAGS = $(mprun_cppflags)
apps_mprun_mprund_LDADD = $(mprun_libs)

dist_man_MANS += docs/mprun.1
