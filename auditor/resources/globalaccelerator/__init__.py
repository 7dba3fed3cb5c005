"""Global Accelerator: accelerators, their listeners, and the endpoints that these lead to. Its API is in us-west-2."""
