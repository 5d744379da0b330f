"""What devices call: exchange, evidence, enrolment; and the feed that goes back to them."""
