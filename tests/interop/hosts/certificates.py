"""A private certificate authority made with openssl: for s2s that is encrypted and authenticated."""
import pathlib
import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.crt"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", self.key, "-out", self.certificate, "-days", "30", "-subj", "/CN=Test authority",
                 "-addext", "basicConstraints=critical,CA:TRUE")

    def issue(self, folder, names):
        """One certificate for all names of a server, under each name (how Prosody looks them up)."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        key, request, made = (folder / f"{names[0]}.{end}" for end in ("key", "csr", "crt"))
        extensions = folder / "extensions.cnf"
        extensions.write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names) +
                              "\nextendedKeyUsage=serverAuth,clientAuth\n")
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                 "-out", request, "-subj", f"/CN={names[0]}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                 "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", made)
        request.unlink()
        extensions.unlink()
        for name in names[1:]:
            (folder / f"{name}.key").write_bytes(key.read_bytes())
            (folder / f"{name}.crt").write_bytes(made.read_bytes())
