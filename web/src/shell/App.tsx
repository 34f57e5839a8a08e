// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Center, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { useLocation } from "wouter";

import { api, done } from "../api/client";
import { readAsked, readSession, signInPage, watchAsked } from "../api/session";
import { useFeatures } from "./features";
import { MeContext } from "./me";
import { Frame } from "./Frame";
import { Pages } from "./Pages";
import { Stopped } from "../parts/Stopped";
import { Lost } from "../live/Lost";
import { useLiveStream } from "../live/stream";
import { INVITATION_PATH } from "../people/invitation";

const Invitation = lazy(() => import("../invitation/InvitationPage"));
const SignInAgain = lazy(() => import("./SignInAgain"));

function useMe() {
    const session = useQuery({ queryKey: ["session"], queryFn: readSession, staleTime: Infinity });
    const me = useQuery({ queryKey: ["me"], queryFn: () => done(api.GET("/v1/me")), enabled: !!session.data, staleTime: Infinity });

    useEffect(() => {
        if (session.data === null) location.replace(signInPage());
    }, [session.data]);
    return { me: me.data, error: session.error ?? me.error };
}

/* What a call waits for; fetched when there is one. */
function Asked() {
    const asked = useSyncExternalStore(watchAsked, readAsked);

    return <Suspense>{asked !== "nothing" && <SignInAgain asked={asked} />}</Suspense>;
}

/* For whom nobody is signed in yet, an invitation is all there is. */
export function App() {
    if (location.pathname !== INVITATION_PATH) return <SignedIn />;
    return (
        <Suspense>
            <Invitation />
        </Suspense>
    );
}

function SignedIn() {
    const { me, error: noMe } = useMe();
    const client = useQueryClient();
    const [path] = useLocation();
    const { of, error: noFeatures } = useFeatures(me, path);
    const error = noMe ?? noFeatures;

    useLiveStream(client, !!me);
    if (error) return <Stopped error={error} again={() => void client.refetchQueries()} />;
    if (!me || !of)
        return (
            <Center h="100dvh">
                <Loader />
            </Center>
        );
    return (
        <MeContext value={me}>
            <Frame {...of}>
                <Lost />
                <Pages features={of.features} />
            </Frame>
            <Asked />
        </MeContext>
    );
}
