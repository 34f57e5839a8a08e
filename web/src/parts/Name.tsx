// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text, type TextProps } from "@mantine/core";

/* Words of somebody else's (a title, a person's or printer's name): whatever is in them, they stay in their place. */
export function Name({ of, lines = 1, ...rest }: { of: string | null | undefined; lines?: number } & TextProps) {
    const words = of?.slice(0, 1000) ?? "";

    return (
        <Text span lineClamp={lines} title={words} style={{ unicodeBidi: "isolate", overflowWrap: "anywhere" }} {...rest}>
            <bdi>{words}</bdi>
        </Text>
    );
}
