// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "update/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct manifest_judge nobody = { .version = "0" };
        uint8_t signature[SIGN_SIGNATURE_OCTETS];
        struct text octets = { (const char *)data, size }, signed_octets;
        struct manifest manifest;

        if (manifest_parse(octets, &manifest, &signed_octets, signature) == 0) {
                assert(manifest.file_count > 0 && manifest.file_count <= MANIFEST_FILES);
                assert(manifest.issued_s <= manifest.expires_s && signed_octets.len < size);
                for (size_t i = 0; i < manifest.file_count; i++)
                        assert(manifest.files[i].name[0] && !strchr(manifest.files[i].name, '/') &&
                               manifest.files[i].name[0] != '.');
        }
        assert(manifest_judge(octets, &nobody, &manifest) != 0);
        return 0;
}
