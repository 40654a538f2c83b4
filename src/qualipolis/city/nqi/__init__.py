"""The one-stop service of the quality infrastructure: who can do what, demands and orders, certificates and clocks."""
