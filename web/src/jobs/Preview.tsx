// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PageImage } from "./PageImage";

/* The pages, one at a time; the arrow keys turn them. */
export function Preview({ job, pages }: { job: string; pages: number }) {
    const { t, i18n } = useTranslation("jobs");
    const [page, setPage] = useState(1);
    const turn = (by: number) => setPage((at) => Math.min(Math.max(at + by, 1), pages));
    const forward = i18n.dir() === "rtl" ? -1 : 1;

    useHotkeys([
        ["ArrowRight", () => turn(forward)],
        ["ArrowLeft", () => turn(-forward)],
    ]);
    return (
        <Stack align="center" gap="xs">
            <PageImage key={page} job={job} page={page} width={800} alt={t("pageOf", { page, count: pages })} size={{ w: "100%", h: "min(70dvh, 560px)" }} />
            {pages > 1 && (
                <Group>
                    <ActionIcon variant="default" size="lg" disabled={page === 1} aria-label={t("pageBefore")} onClick={() => turn(-1)}>
                        <IconChevronLeft className="turned" aria-hidden />
                    </ActionIcon>
                    <Text aria-live="polite">{t("pageOf", { page, count: pages })}</Text>
                    <ActionIcon variant="default" size="lg" disabled={page === pages} aria-label={t("pageAfter")} onClick={() => turn(1)}>
                        <IconChevronRight className="turned" aria-hidden />
                    </ActionIcon>
                </Group>
            )}
        </Stack>
    );
}
