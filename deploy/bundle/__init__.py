"""The offline bundle: everything that an installation needs on a machine without any network, in one archive.

lock    the packages that the lock file pins
sbom    the list of all parts (CycloneDX), from the lock file and from what the wheels say of themselves
system  Debian's packages with all that they need, as a small repository of their own
make    the command that puts these together: `make bundle`
install the script in the archive that installs from it
"""
