// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Badges } from "../badges/Badges";
import { Delegates } from "../delegates/Delegates";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useMe } from "../shell/me";
import { chooseLanguage, known } from "../words";
import { Secrets } from "./Secrets";
import { Section } from "./Section";
import { Sessions } from "./Sessions";
import { useDeed } from "./useDeed";
import { Usual } from "./Usual";

function Who() {
    const { t, i18n } = useTranslation("account");
    const { person } = useMe();
    const rows: [string, string | null][] = [
        [t("name"), person.name],
        [t("email"), person.email],
        [t("department"), person.department],
    ];

    return (
        <Section title={t("who")} lead={t("whoLead")}>
            <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0} spacing="sm">
                {rows
                    .filter(([, value]) => value)
                    .map(([label, value]) => (
                        <div key={label}>
                            <Text component="dt" size="xs" c="dimmed">
                                {label}
                            </Text>
                            <Text component="dd" m={0}>
                                <Name of={value} lines={2} />
                            </Text>
                        </div>
                    ))}
            </SimpleGrid>
            <Select
                label={t("language")}
                w={220}
                data={Object.entries(known).map(([value, label]) => ({ value, label }))}
                value={i18n.language}
                allowDeselect={false}
                onChange={(language) => language && chooseLanguage(language)}
            />
        </Section>
    );
}

/* All that is kept of me, as a file. */
function Export() {
    const { t } = useTranslation("account");
    const take = useDeed([], async () => {
        const all = await done(api.GET("/v1/people/{person}/export", { params: { path: { person: "me" } }, parseAs: "blob" }));
        const address = URL.createObjectURL(all as unknown as Blob);
        const link = document.createElement("a");
        link.href = address;
        link.download = "imprimatur.json";
        link.click();
        URL.revokeObjectURL(address);
    });

    return (
        <Section title={t("export.title")} lead={t("export.lead")}>
            <Button
                variant="default"
                leftSection={<IconDownload size={18} aria-hidden />}
                loading={take.isPending}
                onClick={() => take.mutate()}
                style={{ alignSelf: "flex-start" }}
            >
                {t("export.take")}
            </Button>
        </Section>
    );
}

export default function AccountPage() {
    const { t } = useTranslation("account");

    return (
        <Page title={t("title")} size="md">
            <Stack>
                <Who />
                <Badges />
                <Usual />
                <Delegates />
                <Secrets />
                <Sessions />
                <Export />
            </Stack>
        </Page>
    );
}
