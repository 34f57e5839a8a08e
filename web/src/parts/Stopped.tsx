// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useComplaint } from "./complaint";

/* Instead of a page that cannot be shown. */
export function Stopped({ error, again }: { error: unknown; again: () => void }) {
    const { t } = useTranslation();
    const complaint = useComplaint();
    const { title, detail } = complaint(error);

    return (
        <Container size="sm" py="xl">
            <Stack align="flex-start" role="alert">
                <Title order={1} size="h3">
                    {title}
                </Title>
                {detail && <Text>{detail}</Text>}
                <Button onClick={again}>{t("again")}</Button>
            </Stack>
        </Container>
    );
}
