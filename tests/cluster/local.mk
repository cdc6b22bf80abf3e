# Virtual nodes, and the tests that launch across them (run in the top build directory).
# SPDX-License-Identifier: BSD-3-Clause
cluster_tests = tests/cluster/vcluster-test.sh tests/cluster/demos-node.sh \
	tests/cluster/demos-cluster.sh
TESTS += $(cluster_tests)
dist_check_SCRIPTS += $(cluster_tests) tests/cluster/run-demos.sh tests/cluster/vcluster \
	tests/cluster/vcluster-node
EXTRA_DIST += tests/cluster/slurm.bash tests/cluster/vcluster-ssh.conf tests/cluster/vcluster-sshd.conf
