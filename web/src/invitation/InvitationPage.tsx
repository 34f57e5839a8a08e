// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Anchor, Button, Container, Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Name } from "../parts/Name";
import { useComplaint } from "../parts/complaint";
import { type Invitation, readInvitation } from "../people/invitation";

function useBegin(invitation: Invitation | null) {
    const complaint = useComplaint();
    const [isBusy, setBusy] = useState(false);
    const [error, setError] = useState<string | null>(null);

    const begin = async () => {
        if (!invitation) return;
        setBusy(true);
        try {
            await done(api.POST("/v1/sessions", { body: invitation }));
            location.replace("/set-up/begin");
        } catch (problem) {
            const { title, detail } = complaint(problem);
            setError(`${title}. ${detail}`);
            setBusy(false);
        }
    };
    return { begin, isBusy, error };
}

/*
 * What the QR code of an invitation opens, on a device on which nobody is signed in. The code is used when the button is
 * pressed, not before: whatever looks at addresses in advance uses nothing up.
 */
export default function InvitationPage() {
    const { t } = useTranslation("invitation");
    const [invitation] = useState(() => readInvitation(location.hash));
    const { begin, isBusy, error } = useBegin(invitation);

    useDocumentTitle(`${t("title")} - Imprimatur`);
    return (
        <Container component="main" size="xs" py="xl">
            <Paper withBorder p="lg">
                <Stack>
                    <Title order={1} size="h2">
                        {t("title")}
                    </Title>
                    {invitation ? (
                        <>
                            <Text>{t("words")}</Text>
                            <Name of={invitation.email} fw={600} lines={2} />
                            {error && (
                                <Alert color="red" role="alert" title={t("refused")}>
                                    {error}
                                </Alert>
                            )}
                            <Button size="md" loading={isBusy} onClick={() => void begin()}>
                                {t("begin")}
                            </Button>
                        </>
                    ) : (
                        <Alert color="blue" title={t("broken")}>
                            {t("brokenHint")}
                        </Alert>
                    )}
                    <Anchor href="/sign-in">{t("signIn")}</Anchor>
                </Stack>
            </Paper>
        </Container>
    );
}
