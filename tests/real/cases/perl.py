# SPDX-License-Identifier: MIT
"""perl: hashes, regular expressions, closures, sort, fork, pipes, interpreter threads, die, END blocks."""

from harness import Leak, case

SCRIPT = r"""
use strict; use warnings; use List::Util qw(sum shuffle); use Data::Dumper; use POSIX qw(floor); use threads; use threads::shared;
$| = 1; srand(1); $Data::Dumper::Sortkeys = 1; $Data::Dumper::Indent = 1;
my %count; my $text = join ' ', map { "word" . ($_ * 7919 % 1013) } 1 .. 60000;
$count{$_}++ for split / /, $text;
print scalar(keys %count), " ", join(",", (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count)[0 .. 5]), "\n";
(my $copy = $text) =~ s/(w)(o)(r)(d)(\d+)/$5 . uc("$4$3$2$1")/ge;
print length($copy), " ", substr($copy, 0, 60), "\n";
my @closures = map { my $n = $_; sub { $n += shift } } 1 .. 5000;
print sum(map { $_->(3) } @closures), "\n";
my $tree = {}; for my $i (1 .. 3000) { my $at = $tree; $at = $at->{$_} ||= {} for split //, $i; }
print length(Dumper($tree)), "\n";
for (1 .. 200) { my $self = {}; $self->{self} = $self; }            # cycles that perl never frees itself
pipe(my $in, my $out); my $child = fork();
if (!$child) { close $in; print $out join(",", sort { $a <=> $b } shuffle(1 .. 300)), "\n"; close $out; exit 3; }
close $out; my $line = <$in>; waitpid($child, 0); print "child ", $? >> 8, " ", length($line), "\n";
print "pipe: ", scalar(() = `seq 2000 | grep -c 5` =~ /\d/g), "\n";
my $shared :shared = 0;
my @threads = map { my $n = $_; threads->create(sub { my %h = map { $_ => "x" x $_ } 1 .. 300; lock($shared); $shared += $n * keys %h; return length join '', values %h }) } 1 .. 6;
print join(" ", map { $_->join } @threads), " $shared\n";
eval { die { code => 42 } }; print "died with $@->{code}\n";
printf "%s %.3f %05d %x\n", sprintf("%vd", "1.22.333"), 22 / 7, 42, 48879;
local $SIG{ALRM} = sub { print "alarm\n" }; alarm 1; select(undef, undef, undef, 3); 
END { print "END\n" }
exit 5;
"""


SHORT = r"""
use Data::Dumper; $Data::Dumper::Sortkeys = 1;
my %squares = map { $_ => [ $_ ** 2 ] } 1 .. 500;
print Dumper(\@squares{1 .. 3}), scalar(keys %squares), "\n";
"""


@case(
    "perl",
    needs={"perl": "perl"},
    checked=["perl"],
    leaks=[
        Leak("perl", ("*/perl",), "perl frees the interpreter at the end of main, but not what it holds, unless "
             "PERL_DESTRUCT_LEVEL says so (memcheck: the same 46 sites)", most_bytes=1_000_000),
    ],
)
def perl(stage):
    stage.write("short.pl", SHORT)
    stage.do(["perl", "short.pl"])
    stage.write("script.pl", SCRIPT)
    stage.do(["perl", "script.pl"], status=5)
