#!/bin/sh
# Run by the image of nginx before it starts: says which file of the certificate it may not read, as it has no rights over others' files.
for file in "${1:-/certificates}/site.crt" "${1:-/certificates}/site.key"; do
    if ! cat "$file" >/dev/null 2>&1; then
        echo "$file cannot be read by the proxy. Put it into deploy/certificates/ and give it to root: chown root: and chmod 600." >&2
        exit 78
    fi
done
