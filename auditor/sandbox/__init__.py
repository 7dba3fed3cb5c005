"""The embedded account: moto behind HTTP in a child process, corrected where it forgets what AWS keeps.

    with sandbox() as box:                      # a running, empty account at box.url
        built = build_cuggu(box)                # auditor.sandbox.cuggu: a conforming account
        with box.scratch():                     # what happens in the block is undone at its end
            box.deny(("rds", "DescribeDBInstances"))
        with box.clone() as copy:               # a copy of it, in milliseconds, on its own port
            DRIFTS[0].happen(built.on(copy))    # auditor.sandbox.drifts

The demo and the tests look at it through HTTP like at any account; nothing else of auditor imports it,
and it imports nothing of auditor. Where things are:

    server.py       what the user holds: `sandbox()`, `Sandbox`
    environment.py  the settings by which AWS's clients find it
    child.py        the child process: serve, fork a copy, die with the starter
    wire.py         HTTP: a small threaded server that keeps connections open and may be forked
    gate.py         the way of a request: name it, log it, deny it, correct it, or let moto answer
    call.py         what a request asks (service, operation, parameters) and how answers are spelt
    corrections/    every place where moto is made to keep what AWS keeps, a file a service
    built.py        what a builder hands back: parts by role, clients
    cuggu/          a conforming cuggu account, as a team using SST would have made it
    dualtetrax/     a conforming dualtetrax account, dev and prod side by side, as CDK would have made it
    glimpse/        a conforming glimpse account with a copy for staging, as Terraform would have made it
    couple/         a conforming couple account, prod and dev side by side, as Terraform would have made it
    pingvas/        a conforming pingvas account with a shop beside it, as a team using Terraform would have made it
    drifts.py       the eight ways in which the demo lets cuggu drift; drifts_of_NAME.py those of the others
    examples.py     the example accounts by name

Not corrected, because an auditor of configuration does not meet it or moto cannot express it: IAM is not
evaluated, subscriptions are confirmed at once, changes of a database apply at once whatever ApplyImmediately
says, dependencies on delete are mostly not checked, network ACLs have no IPv6 entries of their own, and a
prefix list in a security group loses its description.
"""

from auditor.sandbox.server import Request, Sandbox, sandbox

__all__ = ["Request", "Sandbox", "sandbox"]
