// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { Name } from "../parts/Name";
import { printerTitle, usePrinter } from "../parts/printer";
import { useSettleJob } from "./calls";
import type { Job } from "./standing";

/*
 * Nobody but who stands at the printer knows whether it came out, and printing it again by ourselves might put it on
 * paper twice. So its owner is asked.
 */
export function DidItPrint({ job, showsTitle = false }: { job: Job; showsTitle?: boolean }) {
    const { t } = useTranslation("jobs");
    const [, go] = useLocation();
    const printer = usePrinter(job.delivery?.printer).data;
    const settle = useSettleJob();
    const isSent = job.delivery?.state === "sent";

    return (
        <Alert color={isSent ? "gray" : "orange"} icon={<IconHelpCircle aria-hidden />} title={t(isSent ? "didItPrint.sent" : "didItPrint.title")}>
            <Stack gap="sm">
                {showsTitle && <Name of={job.title ?? t("untitled")} fw={600} />}
                <Text size="sm">
                    {t(isSent ? "didItPrint.sentWords" : "didItPrint.words", { printer: printer ? printerTitle(printer) : t("thePrinter") })}
                    {job.delivery?.pages ? ` ${t("didItPrint.pages", { count: job.delivery.pages })}` : ""}
                </Text>
                <Group>
                    <Button loading={settle.isPending} onClick={() => settle.mutate(job.id)}>
                        {t("didItPrint.yes")}
                    </Button>
                    <Button variant="default" onClick={() => go(`/release?jobs=${job.id}&again=1`)}>
                        {t("didItPrint.no")}
                    </Button>
                </Group>
            </Stack>
        </Alert>
    );
}
