"""Hold an AWS account against its documented architecture and the rules it should keep."""

__version__ = "0.1.0"
