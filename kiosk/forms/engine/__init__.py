"""The engine: from a form's definition and its answers to what is relevant, computed and on offer.

It is all of OpenRosa's logic that a kiosk runs, and nothing else. From the ground up:

    node, rows      the tree that expressions walk: answers, and lists that come with the form
    values          what an expression can give, and how each kind becomes another
    regex           patterns, matched in time proportional to the text
    functions       what expressions may call; of dates and of nodes in files of their own
    evaluate        from an expression's tree to a closure
    dependencies    what an expression reads
    program         a definition made ready: its rules in the order in which they run
    model           one entry's answers, and the rules at work on them

Left out is what people see or say (`entry`, `labels`, `route`), what leaves the kiosk (`record`,
`submission`), and what a ministry writes (`xpath`, `compile`, `publish` and the checks). It needs
the standard library, and of this project no more than a form's nouns (`definition`), its problems
(`errors`) and the kinds of answers (`answers`). One must be able to read it in a day: a test keeps
it below 2,000 lines of code, the matcher of patterns included.
"""
