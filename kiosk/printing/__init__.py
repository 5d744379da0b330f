"""Paper: what a receipt says, how it is drawn, and how it comes out of a serial printer.

A receipt becomes a `slip` (lines), the slip bands of dots, the bands bytes: all pure. `port` and
`dialogue` carry bytes to a printer and its answers back; `jobs` remembers what is to be printed
and how far it came; `worker` is the one thread that prints.
"""
