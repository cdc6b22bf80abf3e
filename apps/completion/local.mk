# local.mk: completion for bash; the other names lead to the same file, as bash looks for one of the program's name.
# SPDX-License-Identifier: BSD-3-Clause
completiondir = $(datadir)/bash-completion/completions
EXTRA_DIST += apps/completion/mprun.bash
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(completiondir)"
	$(INSTALL_DATA) "$(top_srcdir)/apps/completion/mprun.bash" "$(DESTDIR)$(completiondir)/mprun"
	for name in mpinfo mpsim; do ln -sf mprun "$(DESTDIR)$(completiondir)/$$name" || exit 1; done
uninstall-local:
	for name in mprun mpinfo mpsim; do rm -f "$(DESTDIR)$(completiondir)/$$name"; done
