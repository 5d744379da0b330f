"""The wire: everything that crosses between a kiosk and central, and what each end keeps for it.

Up goes each kiosk's own log of sealed envelopes, numbered and hash-chained; down comes central's
feed. One request carries a slice of the log and the cursors of the feed; one answer carries the
acknowledgements and what is new. The same bytes travel by HTTPS or on a stick, and an exchange
may be cut off anywhere and simply run again.

`records`, `envelope` and `protocol` are what both ends agree on; `ledger`, `worker`, `client` and
`identity` are the device's half; `central` is the server. Nothing here imports the kiosk, with one
door: `sync.central` may use the pure `kiosk.forms`, and the words that both say (`kiosk.language`,
`kiosk.speech`).
"""
