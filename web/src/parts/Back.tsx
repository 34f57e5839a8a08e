// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";

/* From one thing to the list that it stands in; above its name. */
export function Back({ to, words }: { to: string; words: string }) {
    return (
        <Anchor component={Link} href={to} size="sm" style={{ alignSelf: "flex-start" }}>
            <IconArrowLeft size={14} className="turned" aria-hidden /> {words}
        </Anchor>
    );
}
