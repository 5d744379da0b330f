"""Services and their forms as data: what a ministry writes, and the engine that runs it.

A pure leaf: nothing here knows a screen, a network or a database, so the kiosk, the publisher and
central's portal all use the same code.
"""
