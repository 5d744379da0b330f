"""What a person sees and touches: the only code, with `kiosk.app`, that imports Kivy.

A screen renders what the desk says and reports touches to it; it keeps no answers. Each screen is
a `.py` with a `.kv` beside it, made on first use. Call `bootstrap.prepare` before importing any
other module of this package.
"""
