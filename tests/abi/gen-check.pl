#!/usr/bin/perl
# gen-check.pl: writes the program that compares mpi.h with the tables of the ABI.
# SPDX-License-Identifier: BSD-3-Clause
# usage: gen-check.pl DIRECTORY-OF-THE-TABLES c|c++ > check.c
#
# Types and signatures are compared when the program is compiled, values when it runs, and it links
# only if all the functions exist. It takes the text of the tables as it is and shares only the
# reading of their lines with the generator of mpi.h, so that it does not repeat its mistakes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../src/abi";
use abi;

my ($tables, $language) = @ARGV;
die "usage: gen-check.pl DIRECTORY-OF-THE-TABLES c|c++\n"
    if !defined $language || $language !~ /^c(\+\+)?$/;
my $is_c = $language eq 'c';

my @constants = abi::read_table("$tables/constants.tsv");
my @types = abi::read_table("$tables/types.tsv");
my @functions = abi::read_table("$tables/functions.tsv");

my %expected = (constants => 365, types => 50, functions => 664);
my %found = (
    constants => scalar @constants,
    types => scalar @types,
    functions => scalar @functions,
);
for my $table (sort keys %expected) {
    die "gen-check.pl: $table.tsv has $found{$table} rows, not $expected{$table}\n"
        if $found{$table} != $expected{$table};
}

# "Expression has this type", checked by the compiler.
sub has_type {
    my ($expression, $type, $what) = @_;
    return $is_c
        ? "_Static_assert(_Generic($expression, $type: 1, default: 0), \"$what\");\n"
        : "static_assert(std::is_same<decltype($expression), $type>::value, \"$what\");\n";
}

sub holds {
    my ($condition, $what) = @_;
    return ($is_c ? '_Static_assert' : 'static_assert') . "($condition, \"$what\");\n";
}

my %enumerated = map { $_ => 1 } grep { /^MPI_T_(CB_REQUIRE|SOURCE)_/ } map { $_->[0] } @constants;
my %type_of = map { $_->[0] => $_->[1] } @constants;

sub check_constant_type {
    my ($name, $type, $value) = @_;
    $type = $type_of{$value} if $type eq 'alias';
    # C++ gives an enumerator the type of its enumeration.
    return holds("std::is_enum<decltype($name)>::value", "type of $name")
        if !$is_c && $enumerated{$name};
    my $text = has_type($name, $type, "type of $name");
    if ($type eq 'int' && !$enumerated{$name}) {
        $text .= "#if !defined($name) || $name != ($value)\n#error \"value of $name\"\n#endif\n";
    }
    return $text;
}

sub check_struct {
    my ($name, $definition) = @_;
    my ($members, $size) = $definition =~ /^(.*) \((\d+) bytes\)$/ or die "struct $name?\n";
    my $text = holds("sizeof($name) == $size", "size of $name");
    my $offset = 0;
    for my $member (split /; */, $members) {
        my ($field, $count) = $member =~ /^int (\w+)(?:\[(\d+)\])?$/ or die "$member?\n";
        my $bytes = 4 * ($count // 1);
        $text .= holds("offsetof($name, $field) == $offset", "place of $field");
        $text .= holds("sizeof((($name *)0)->$field) == $bytes", "size of $field");
        $offset += $bytes;
    }
    return $text;
}

sub check_type {
    my ($name, $kind, $definition) = @_;
    my $what = "type $name";
    if ($kind eq 'handle') {
        return has_type("($name)0", $definition, $what)
            . holds("sizeof($name) == sizeof(void *)", "size of $name");
    }
    return has_type("($name)0", $definition, $what) . holds("sizeof($name) == 8", "size of $name")
        if $kind eq 'integer';
    return has_type("($name *)0", "$definition *", $what) if $kind eq 'alias';
    return check_struct($name, $definition) if $kind eq 'struct';
    return holds("sizeof($name) == sizeof(int)", "size of $name")
        . ($is_c ? '' : holds("std::is_enum<$name>::value", $what)) if $kind eq 'enum';
    if ($kind eq 'callback') {
        my ($returns, $params) = $definition =~ /^(\w+) (\(.*\))$/ or die "callback $name?\n";
        return has_type("($name *)0", "$returns (*)$params", $what);
    }
    die "gen-check.pl: $name is of an unknown kind, $kind\n";
}

sub check_function {
    my ($name, $returns, $params) = @_;
    return join '', map { has_type("&$_", "$returns (*)($params)", "signature of $_") }
        $name, "P$name";
}

sub constant_row {
    my ($name, $type, $value) = @_;
    ($value) = map { $_->[2] } grep { $_->[0] eq $value } @constants if $type eq 'alias';
    return "    {\"$name\", (intptr_t)$name, $value},\n";
}

my $headers = $is_c ? '' : "#include <type_traits>\n";
print <<"END";
/* Made by tests/abi/gen-check.pl: compares mpi.h with the tables of the ABI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
$headers
#include <mpi.h>

END
print check_constant_type(@$_) for @constants;
print check_type(@$_) for @types;
print check_function(@$_) for @functions;
print "\nstatic const struct {\n    const char *name;\n    intptr_t value, expected;\n}";
print " values[] = {\n";
print constant_row(@$_) for @constants;
print "};\n\nstatic void (*const functions[])(void) = {\n";
print "    (void (*)(void))&$_->[0], (void (*)(void))&P$_->[0],\n" for @functions;
print <<'END';
};

int main(void)
{
    size_t count = sizeof values / sizeof *values, missing = 0, wrong = 0;

    for (size_t i = 0; i < count; i++) {
        if (values[i].value != values[i].expected) {
            printf("not ok - %s is %ld, not %ld\n", values[i].name, (long)values[i].value,
                   (long)values[i].expected);
            wrong++;
        }
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (functions[i] == NULL)
            missing++;
    }
    printf("%s - %zu constants have their values\n", wrong ? "not ok" : "ok", count - wrong);
    printf("%s - %zu functions are linked\n", missing ? "not ok" : "ok",
           sizeof functions / sizeof *functions - missing);
    return wrong || missing;
}
END
