// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Box, Text } from "@mantine/core";
import type { ReactNode } from "react";

/* Names and values, in two columns where there is room. */
export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
    return (
        <Box component="dl" m={0} style={{ display: "grid", gridTemplateColumns: "fit-content(45%) minmax(0, 1fr)", gap: "0.35rem 1.25rem" }}>
            {of.map(([name, value]) => (
                <Box key={name} style={{ display: "contents" }}>
                    <Text component="dt" c="dimmed" size="sm">
                        {name}
                    </Text>
                    <Text component="dd" m={0} size="sm" style={{ overflowWrap: "anywhere", minWidth: 0 }}>
                        {value}
                    </Text>
                </Box>
            ))}
        </Box>
    );
}
