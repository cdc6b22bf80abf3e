#!/usr/bin/perl
# gen-faces.pl: writes the public functions of the library over the implementations in src/api.
# SPDX-License-Identifier: BSD-3-Clause
# usage: gen-faces.pl --tables DIR --out DIR [--root DIR] [--extra FILE] FILE.c...
#
# The files are named relative to --root. Each line of --extra names a symbol to export besides.
#
# One implementation, int tri_api_X(...), serves MPI_X and MPI_X_c wherever the two differ only in
# the width of counts. It has the signature of MPI_X_c, except that an array whose element type
# differs between the two is a tri_counts, a view that knows its width. An implementation is found
# by its first line: TRI_API(X), TRI_API_LANE(X), TRI_API_FIRST(X), TRI_API_PURE(X),
# TRI_API_ANYTIME(X), TRI_API_FORM(X) or TRI_API_VALUE(type, X) in column 1. TRI_API_LANE takes the
# lock of one lane only: that of its first argument which tells one (see lane_of); TRI_API_FIRST that
# of lane 0; TRI_API_PURE none. That of TRI_API_FORM has one more argument, the first: bool large, true from MPI_X_c.
# An output is rewritten only when its text changes, so that make compiles no more than it must.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Getopt::Long;
use abi;

my $usage = "usage: gen-faces.pl --tables DIR --out DIR [--root DIR] [--extra FILE] FILE.c...\n";
my ($tables, $out, $extra, $root);
GetOptions('tables=s' => \$tables, 'out=s' => \$out, 'extra=s' => \$extra, 'root=s' => \$root)
    or die $usage;
die $usage if !defined $tables || !defined $out;

my @functions = abi::functions($tables);
my %function = map { $_->{name} => $_ } @functions;

# How a parameter of MPI_X becomes that of MPI_X_c, by their two shapes; nothing else converts.
my %conversions = (
    'int @ MPI_Count @' => 'scalar',
    'int @ MPI_Aint @' => 'scalar',
    'MPI_Aint @ MPI_Count @' => 'scalar',
    'const int @[] const MPI_Count @[]' => 'counts',
    'const int @[] const MPI_Aint @[]' => 'counts',
    'const MPI_Aint @[] const MPI_Count @[]' => 'counts',
    'int *@ MPI_Count *@' => 'output',
    'int *@ MPI_Aint *@' => 'output',
    'MPI_Aint *@ MPI_Count *@' => 'output',
);

sub conversion {
    my ($narrow, $wide) = @_;
    return 'same' if $narrow->{shape} eq $wide->{shape};
    return $conversions{"$narrow->{shape} $wide->{shape}"};
}

# Whether MPI_X and MPI_X_c are two faces of one implementation; notes the conversions if so.
sub pair_up {
    my ($narrow, $wide) = @_;
    my ($few, $many) = ($narrow->{params}, $wide->{params});
    return 0 if @$few != @$many;
    my @how = map { conversion($few->[$_], $many->[$_]) } 0 .. $#$few;
    return 0 if grep { !defined } @how;
    for my $face ($narrow, $wide) {
        @{$face}{qw(how wide base)} = (\@how, $wide, $narrow);
    }
    return 1;
}

for my $narrow (@functions) {
    my $wide = $function{"$narrow->{name}_c"};
    pair_up($narrow, $wide) if $wide;
}

# ---- The implementations that exist ----

sub note_implementation {
    my ($where, $kind, $type, $short) = @_;
    my $found = $function{"MPI_$short"} or die "$where: MPI_$short is no function of the ABI\n";
    my $base = $found->{base} || $found;
    if ($base != $found) {
        die "$where: MPI_$short shares the implementation of $base->{name}: write only that one\n";
    }
    die "$where: MPI_$short is already implemented at $found->{where}\n" if $found->{where};
    if ($kind eq '_VALUE' ? $type ne $found->{returns} : $found->{returns} ne 'int') {
        die "$where: MPI_$short returns $found->{returns}: "
            . "say TRI_API_VALUE($found->{returns}, $short)\n";
    }
    if ($kind eq '_FORM' && !$found->{wide}) {
        die "$where: MPI_$short has one form only: say TRI_API($short)\n";
    }
    @{$found}{qw(where implementation)} = ($where, "TRI_API$kind");
}

sub scan {
    my ($file) = @_;
    open(my $in, '<', $file) or die "gen-faces.pl: cannot read $file: $!\n";
    while (my $line = <$in>) {
        if ($line =~ /^TRI_API(_ANYTIME|_FIRST|_FORM|_LANE|_PURE)?\(\s*(\w+)\s*\)/) {
            note_implementation("$file:$.", $1 || '', '', $2);
        } elsif ($line =~ /^TRI_API_VALUE\(\s*(\w+)\s*,\s*(\w+)\s*\)/) {
            note_implementation("$file:$.", '_VALUE', $1, $2);
        } elsif ($line =~ /^TRI_API\w*\s*\(/) {
            die "$file:$.: expected TRI_API(Name), TRI_API_KIND(Name) or TRI_API_VALUE(type, Name)\n";
        }
    }
    close $in;
}

scan(defined $root && !m{^/} ? "$root/$_" : $_) for @ARGV;
for my $face (@functions) {
    $face->{implementation} //= $face->{base}{implementation} if $face->{base};
}

# ---- What is written ----

my $note = "/* Made by src/abi/gen-faces.pl: change that or the tables of the ABI, not this. */\n"
    . "/* SPDX-License-Identifier: BSD-3-Clause */\n";

sub short_name {
    my ($face) = @_;
    my $name = ($face->{base} || $face)->{name};
    $name =~ s/^MPI_//;
    return $name;
}

sub param_list {
    my ($face) = @_;
    return [map { $_->{decl} } @{ $face->{params} }] if @{ $face->{params} };
    return ['void'];
}

sub prototype_line {
    my ($face) = @_;
    my @params;
    my $wide = $face->{wide} || $face;
    for my $i (0 .. $#{ $wide->{params} }) {
        my $param = $wide->{params}[$i];
        next if $param->{decl} eq '...';
        push @params, $face->{how} && $face->{how}[$i] eq 'counts'
            ? "tri_counts $param->{name}" : $param->{decl};
    }
    unshift @params, 'bool large' if $face->{implementation} eq 'TRI_API_FORM';
    @params = ('void') if !@params;
    return abi::fold("$face->{returns} tri_api_" . short_name($face) . '(', \@params, ');');
}

sub protos {
    my $text = $note . "#ifndef TRI_API_PROTOS_H\n#define TRI_API_PROTOS_H\n\n";
    for my $face (@functions) {
        $text .= prototype_line($face) if $face->{where};
    }
    return "$text\n#endif\n";
}

# The C type of an output of the implementation: that of MPI_X_c without its asterisk.
sub output_type {
    my ($face, $i) = @_;
    my ($type) = $face->{wide}{params}[$i]{shape} =~ /^(\w+)/;
    return $type;
}

# -> (declarations, arguments, statements that copy the outputs to the caller)
sub conversions_of {
    my ($face) = @_;
    my $is_narrow = $face->{base} && $face->{base} == $face;
    my ($before, $after, @arguments) = ('', '');
    for my $i (0 .. $#{ $face->{params} }) {
        my ($param, $how) = ($face->{params}[$i], $face->{how} ? $face->{how}[$i] : 'same');
        my $name = $param->{name};
        next if $param->{decl} eq '...';
        if ($how eq 'counts') {
            my $wide = $param->{shape} =~ /^const int / ? 0 : 1;
            push @arguments, "(tri_counts){$name, $wide}";
        } elsif ($how eq 'output' && $is_narrow) {
            my $type = output_type($face, $i);
            my $start = $name eq 'position' ? "$name ? *$name : 0" : '0';
            my ($narrow) = $param->{shape} =~ /^(\w+)/;
            my $copy = $narrow eq 'int' ? "tri_face_int(wide_$name)" : "(MPI_Aint)wide_$name";
            $before .= "    $type wide_$name = $start;\n";
            push @arguments, "$name ? &wide_$name : NULL";
            $after .= "    if (rc == MPI_SUCCESS && $name)\n        *$name = $copy;\n";
        } else {
            push @arguments, $name;
        }
    }
    return ($before, \@arguments, $after);
}

# What tells the lane of a call: the expression for TRI_FACE_ENTER_LANE.
sub lane_of {
    my ($face) = @_;
    my @params = @{ $face->{params} };
    my @tells = (['MPI_Comm @', 'comm'], ['MPI_Message *@', 'message'], ['MPI_Request *@', 'request']);
    for my $tells (@tells) {
        my ($param) = grep { $_->{shape} eq $tells->[0] } @params;
        return "tri_api_lanes_of_$tells->[1]($param->{name})" if $param;
    }
    my ($array) = grep { $_->{shape} eq 'MPI_Request @[]' } @params;
    die "gen-faces.pl: no argument of $face->{name} tells a lane\n" if !$array;
    return "tri_api_lanes_of_requests($params[0]{name}, $array->{name})";
}

# -> (how a face enters the library, how it leaves)
sub passage {
    my ($face) = @_;
    my ($name, $kind) = ("\"$face->{name}\"", $face->{implementation});
    return ("TRI_FACE_ENTER_PURE($name)", 'TRI_FACE_LEAVE_PURE()') if $kind eq 'TRI_API_PURE';
    my $enter = "TRI_FACE_ENTER($name)";
    $enter = "TRI_FACE_ENTER_ANYTIME($name)" if $kind eq 'TRI_API_ANYTIME';
    $enter = "TRI_FACE_ENTER_LANE($name, 1)" if $kind eq 'TRI_API_FIRST';
    $enter = "TRI_FACE_ENTER_LANE($name, " . lane_of($face) . ')' if $kind eq 'TRI_API_LANE';
    return ($enter, 'TRI_FACE_LEAVE()');
}

sub real_body {
    my ($face) = @_;
    my ($before, $arguments, $after) = conversions_of($face);
    my $name = short_name($face);
    if ($face->{implementation} eq 'TRI_API_VALUE') {
        return abi::fold("    return tri_api_$name(", $arguments, ');');
    }
    if ($face->{implementation} eq 'TRI_API_FORM') {
        unshift @$arguments, $face->{base} == $face ? 'false' : 'true';
    }
    my ($enter, $leave) = passage($face);
    return "    int rc;\n$before    $enter;\n"
        . abi::fold("    rc = tri_api_$name(", $arguments, ');')
        . "$after    $leave;\n    return rc;\n";
}

sub missing_body {
    my ($face) = @_;
    my ($comm) = grep { $_->{shape} eq 'MPI_Comm @' } @{ $face->{params} };
    my $whose = $comm ? $comm->{name} : 'MPI_COMM_NULL';
    my $call = "tri_api_unsupported(\"$face->{name}\", $whose)";
    my $text = '';
    for my $param (@{ $face->{params} }) {
        next if $param->{decl} eq '...' || ($comm && $param == $comm);
        $text .= "    (void)$param->{name};\n";
    }
    return "$text    return $call;\n" if $face->{returns} eq 'int';
    return "$text    (void)$call;\n    return ($face->{returns})0;\n";
}

my $faces_head = <<'END';
#include <limits.h>
#include <stddef.h>

#include "api.h"

/* One definition has both names: a tool may put its own MPI_X before the weak one. */
#define TRI_FACE_ALIAS(name)                                                                       \
    extern __typeof__(P##name) name                                                                \
        __attribute__((weak, alias("P" #name), visibility("default")))

_Static_assert(sizeof(MPI_Aint) == sizeof(MPI_Count), "an array of either is passed as wide");

END

# Emitted only with a face that uses it: an unused static function would be a warning.
my $faces_int = <<'END';
/* What the standard gives for a count that an int cannot hold. */
static int tri_face_int(MPI_Count value)
{
    return value > INT_MAX || value < INT_MIN ? MPI_UNDEFINED : (int)value;
}

END

sub faces {
    my $text = '';
    for my $face (@functions) {
        $text .= abi::fold("TRI_FACE $face->{returns} P$face->{name}(", param_list($face), ')')
            . "{\n" . ($face->{implementation} ? real_body($face) : missing_body($face)) . "}\n"
            . "TRI_FACE_ALIAS($face->{name});\n\n";
    }
    my $helper = $text =~ /tri_face_int\(/ ? $faces_int : '';
    $text =~ s/\n\n\z/\n/;
    return $note . $faces_head . $helper . $text;
}

sub table_header {
    return $note . <<'END';
#ifndef TRI_FUNCTION_TABLE_H
#define TRI_FUNCTION_TABLE_H

/* Every function of the ABI in the order of its table; real is 0 for those not implemented yet. */
struct tri_function {
    const char *name;
    int real;
};

extern const struct tri_function tri_function_table[];
extern const int tri_function_count;

#endif
END
}

sub table {
    my $rows = join '',
        map { "    {\"$_->{name}\", " . ($_->{implementation} ? 1 : 0) . "},\n" } @functions;
    my $count = @functions;
    return $note . "#include \"function_table.h\"\n\n"
        . "const struct tri_function tri_function_table[] = {\n$rows};\n\n"
        . "const int tri_function_count = $count;\n";
}

# Without the name of a version: a program may run with the libmpi_abi of another MPI.
sub map_file {
    my @symbols = map { ($_->{name}, "P$_->{name}") } @functions;
    if (defined $extra) {
        open(my $in, '<', $extra) or die "gen-faces.pl: cannot read $extra: $!\n";
        push @symbols, grep { !/^#/ } map { split } <$in>;
        close $in;
    }
    return "{\nglobal:\n" . join('', map { "    $_;\n" } @symbols) . "local:\n    *;\n};\n";
}

sub write_changed {
    my ($name, $text) = @_;
    my $path = "$out/$name";
    if (open(my $old, '<', $path)) {
        local $/;
        my $same = (<$old> // '') eq $text;
        close $old;
        return if $same;
    }
    open(my $new, '>', "$path.new") or die "gen-faces.pl: cannot write $path.new: $!\n";
    print {$new} $text;
    close $new or die "gen-faces.pl: cannot write $path.new: $!\n";
    rename "$path.new", $path or die "gen-faces.pl: cannot write $path: $!\n";
}

write_changed('api_protos.h', protos());
write_changed('faces.c', faces());
write_changed('function_table.h', table_header());
write_changed('function_table.c', table());
write_changed('libmpi_abi.map', map_file());
