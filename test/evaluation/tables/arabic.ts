/**
 * Arabic names with all vowels, in Buckwalter's transliteration: from it both the Arabic letters (without vowels) and the
 * many Latin spellings follow by rule. `_` joins the halves of a compound. The commonest first; from general knowledge.
 */
export const MALE_GIVEN = `
muHam~ad >aHmad Ealiy~ Hasan maHmuwd Husayn xAlid Eumar yuwsuf <ibrAhiym Eabd_All~ah muSTafaY Eabd_AlraHmAn saEiyd
sulaymAn <ismAEiyl EuvmAn jamAl kariym samiyr waliyd fahd faySal TAriq bilAl muwsaY yAsir majiyd hAniy mAjid >ayman
Eabd_Alkariym Eabd_AlEaziyz ra$iyd SAliH sAlim sAmiy EAdil EAmir nabiyl naSir nAdir muniyr marwAn mAzin zayd ziyAd hi$Am
rAmiy riyAD >amiyn >anwar >amjad >a$raf >akram >usAmap >anas <iyhAb EadnAn EimAd EiSAm EalA' Eam~Ar gas~An suhayl sufyAn
$Adiy $ariyf TalAl vAmir DiyA' rA}id fAris fu&Ad qAsim hAdiy wA}il yAsiyn yaHyaY EiysaY dAwuwd zakariy~A luqmAn kAmil
kamAl xaliyl xayriy Habiyb HAmid Hamad HAtim Husniy jAbir jaEfar jihAd badr bAsim bas~Am >asad murAd majdiy labiyb naEiym
naSr rabiyE sAmir saEd SalAH TAhir ZAfir Eabd_AlqAdir Eabd_Alra&uwf Eabd_AlHamiyd Eabd_AlmaTlab Eabd_AlHaliym Eabd_AlnASir
Eabd_AlSamad Eabd_AlSalAm jamiyl HafiyZ HisAm nizAr qays luway~ mu&ay~ad mun*ir ra'fat ruwHiy siyrAj suruwr tamiym
`;

export const FEMALE_GIVEN = `
fATimap EA}i$ap maryam zaynab xadiyjap sArap nuwr hudaY laylaY salmaY >amiynap >asmA' hind nuwrap nAdiyap nadaY nawAl
najwaY najlA' munaY mahA maysA' manAl lamyA' lubnaY liynA kariymap hanA' hAlap jamiylap jawAhir <iymAn <ilhAm >amal
>amiyrap bu$raY basmap dAlyA dunyA fariydap fadwaY gAdap Haliymap HanAn rAniyap rabAb raHmap riym ra$A ruqay~ap samiyrap
suEAd suhA SafA' SabAH $aymA' $ariyfap TAhirap wafA' yAsmiyn zahrap zahrA' ziynap Eabiyr EafAf EalyA' Eaziyzap widAd
`;

/** With the article. */
export const FAMILY_WITH_ARTICLE = `
Had~Ad naj~Ar xay~AT xab~Az jaz~Ar Hal~Aq Sab~Ag naH~As qaT~An EaT~Ar dab~Ag Sar~Af saq~A' Tab~Ax TaH~An fal~AH bayTAr
bagdAdiy~ dima$qiy~ Halabiy~ miSriy~ EirAqiy~ $Amiy~ HijAziy~ tuwnisiy~ magribiy~ fAsiy~ jazA}iriy~ liybiy~ suwdAniy~
nuwbiy~ yamaniy~ Eadaniy~ HaDramiy~ najdiy~ qaTariy~ kuwaytiy~ baHrayniy~ EumAniy~ $iyrAziy~ turkiy~ kurdiy~ HimSiy~
Hamawiy~ maqdisiy~ qudsiy~ nAbulsiy~ xaliyliy~ yAfiy~ EasqalAniy~ TarAbulsiy~ bayruwtiy~ SaydAwiy~ >anSAriy~ hA$imiy~
qura$iy~ tamiymiy~ gAmidiy~ zahrAniy~ Eutaybiy~ muTayriy~ HAriviy~ qaHTAniy~ $ammariy~ dawsariy~ Harbiy~ Eanaziy~
ra$iydiy~ suEuwdiy~ mAlikiy~ $AfiEiy~ Hanbaliy~ Husayniy~ Hasaniy~ Ealawiy~ jaEfariy~ muwsawiy~ EAmiliy~ xaTiyb xAlidiy~
jabriy~ Eab~Asiy~ >umawiy~ fATimiy~ fAruwqiy~ bakriy~ Sid~iyqiy~ EuvmAniy~ say~id $ayx HAj~ qADiy muftiy SabAH mahdiy
SAdiq kabiyr Sagiyr Tawiyl qaSiyr >aswad >aHmar >abyaD zayn sulTAn >amiyr waziyr nuEaymiy~ muhayriy~ baluw$iy~ buw$iy~
kaEbiy~ Eajamiy~ $ahriy~ Easiyriy~ bal~Awiy~ jaw~Adiy~ $aEbAniy~ rajabiy~ ramaDAniy~ badriy~ xalfAn muhan~adiy~ naq~A$
ban~A' Sayrafiy~ Tay~ib xuwriy~ qas~ sam~An Ham~Al raH~Al mal~AH say~Ad raq~Ad fay~AD xay~Am jam~Al ba$~Ar Ham~Ad $ar~Af
kAtib nAsix war~Aq $AEir rAwiy muEal~im Hakiym Tabiyb murAd gazAliy~ Tabariy~~ buxAriy~ rAziy~ fArAbiy~ kindiy~ bayruwniy~
`;

/** Family names without the article, after `bin` or `abu`, or alone: these and all given names of men. */
export const FAMILY_ALONE = `
Ham~uwd Eab~uwd $AHiyn Talhap Harfuw$ barakAt EuwaD xuDr gAziy $ukriy fahmiy laTiyf hilAl rizq safadiy maHfuwZ manSuwr
mubArak mu$tAq naja$iy nasiyb rustum sab~Ag $ahiyn $araf tawfiyq EawaD EiwaD zakiy~ HamdAn gAnim jubrAn kanEAn karam
mas~uwd mulHim naHas nASiyf raH~Al salAmap sarkiys $amEuwn Tanuws EAzar Eiyd gusn qindiyl kayAl HaddAdiyn baTrus
`;
