// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Container, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface Props {
    title: string;
    back?: ReactNode; // to what it is a part of (Back)
    lead?: ReactNode; // a sentence that says what this is for
    actions?: ReactNode; // what is mostly done here, at the right of the title
    size?: "sm" | "md" | "lg" | "xl";
    children?: ReactNode;
}

/* A page: its one heading, what can be done, what there is. */
export function Page({ title, back, lead, actions, size = "lg", children }: Props) {
    useDocumentTitle(`${title} - Imprimatur`);
    return (
        <Container size={size} px={0} mx={0}>
            <Stack gap="lg">
                <Group justify="space-between" align="flex-start" gap="sm">
                    <div>
                        {back}
                        <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
                            {title}
                        </Title>
                        {lead && <Text c="dimmed">{lead}</Text>}
                    </div>
                    {actions && <Group gap="xs">{actions}</Group>}
                </Group>
                {children}
            </Stack>
        </Container>
    );
}
